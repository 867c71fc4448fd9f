import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { EvidenceList } from "@/features/evidence/components/evidence-list.tsx";
import { listObservations } from "@/features/evidence/list-observations.ts";
import { observationsQuery } from "@/features/evidence/queries.ts";
import { evidenceFilter } from "@/features/evidence/schema.ts";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { readParams } from "../../../search-params.ts";
import { currentAccount } from "../../../viewer.ts";
import { findPublication, findStanding } from "../../find-publication.ts";
import { Prefetched } from "../../prefetched.tsx";

export const metadata: Metadata = { title: "Evidence of a publication" };

export default async function EvidencePage({
  params,
  searchParams,
}: PageProps<"/publications/[slug]/evidence">) {
  const [publication, account] = await Promise.all([
    params.then(({ slug }) => findPublication(slug)),
    currentAccount(),
  ]);
  if (publication === null) notFound();
  const parsed = evidenceFilter.safeParse(await readParams(searchParams));
  const filter = parsed.data ?? evidenceFilter.parse({});
  const publicationId = publication.id;
  const { permissions, isMember } = await findStanding(publicationId);
  const viewer = { userId: account?.id ?? null, isMember };
  const path = `/publications/${publication.slug}/evidence`;
  return (
    <>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-3">
        <h1 className="font-serif text-2xl font-medium">Evidence</h1>
        {permissions.includes("evidence.record") && (
          <Link href={`${path}/add`} className={buttonStyle({ size: "sm" })}>
            Record observation
          </Link>
        )}
      </div>
      <Prefetched
        queries={[
          {
            ...observationsQuery(publicationId, filter, viewer),
            queryFn: () =>
              readAsViewer((ctx) =>
                listObservations({ ...ctx, keys: evidenceKeys() }, { publicationId, ...filter }),
              ),
          },
        ]}
      >
        <EvidenceList publicationId={publicationId} path={path} filter={filter} viewer={viewer} />
      </Prefetched>
    </>
  );
}
