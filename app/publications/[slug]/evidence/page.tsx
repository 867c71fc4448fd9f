import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { EvidenceList } from "@/features/evidence/components/evidence-list.tsx";
import { observationsQuery } from "@/features/evidence/queries.ts";
import { listObservations } from "@/features/evidence/read/list-observations.ts";
import { evidenceFilter } from "@/features/evidence/schema.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { readParams } from "../../../search-params.ts";
import { currentAccount } from "../../../viewer.ts";
import { findPublication, findStanding } from "../../find-publication.ts";
import { Prefetched } from "../../prefetched.tsx";
import { EvidenceHead } from "./evidence-head.tsx";

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
      <EvidenceHead path={path} mayRecord={permissions.includes("evidence.record")} />
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
