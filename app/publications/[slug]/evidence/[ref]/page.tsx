import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ObservationView } from "@/features/evidence/components/observation-view.tsx";
import { observationQuery } from "@/features/evidence/queries.ts";
import { getObservation } from "@/features/evidence/read/get-observation.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { parseObservationRef } from "@/lib/evidence/observation.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { currentAccount } from "../../../../viewer.ts";
import { findPublication, findStanding } from "../../../find-publication.ts";
import { Prefetched } from "../../../prefetched.tsx";

export const metadata: Metadata = { title: "Observation" };

export default async function ObservationPage({
  params,
}: PageProps<"/publications/[slug]/evidence/[ref]">) {
  const { slug, ref } = await params;
  const publication = await findPublication(slug);
  const number = parseObservationRef(ref);
  if (publication === null || number === null) notFound();
  const input = { publicationId: publication.id, number };
  const read = () => readAsViewer((ctx) => getObservation({ ...ctx, keys: evidenceKeys() }, input));
  const found = await read().catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
  if (found === null) notFound();
  const [{ permissions, isMember }, account] = await Promise.all([
    findStanding(publication.id),
    currentAccount(),
  ]);
  const viewer = { userId: account?.id ?? null, isMember };
  return (
    <Prefetched queries={[{ ...observationQuery(publication.id, number, viewer), queryFn: read }]}>
      <ObservationView
        publicationId={publication.id}
        number={number}
        mayRecord={permissions.includes("evidence.record")}
        viewer={viewer}
        path={`/publications/${publication.slug}/evidence`}
      />
    </Prefetched>
  );
}
