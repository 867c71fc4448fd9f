import { channels } from "@/channels/index.ts";
import type { Database } from "@/db/database.ts";
import type { ResolveCitations } from "@/lib/analyst/ground-sentence.ts";
import type { AnalystTools } from "@/lib/analyst/reasoner.ts";
import type { EvidenceKeys } from "@/lib/evidence/signing.ts";
import { resolveCitations } from "./resolve-citations.ts";
import { searchObservations } from "./search-observations.ts";

/** The tools of the analyst for an answer in a publication's chat: they find what every member may read. */
export function readMemberEvidence(
  database: Pick<Database, "asTopic">,
  keys: EvidenceKeys,
  publicationId: string,
): { readonly tools: AnalystTools; readonly resolve: ResolveCitations } {
  const topic = channels.chat({ publicationId }).name;
  const resolve: ResolveCitations = (numbers) =>
    database.asTopic(topic, (tx) => resolveCitations({ tx, keys }, publicationId)(numbers));
  return {
    resolve,
    tools: {
      queryObservations: (words) =>
        database.asTopic(topic, (tx) => searchObservations({ tx, keys }, { publicationId, words })),
      readObservation: async (number) => (await resolve([number])).get(number) ?? null,
    },
  };
}
