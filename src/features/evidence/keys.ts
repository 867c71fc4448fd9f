import type { EvidenceFilter } from "./schema.ts";

export const observationKeys = {
  list: (publicationId: string, filter: EvidenceFilter) =>
    ["evidence", publicationId, filter] as const,
  observation: (publicationId: string, number: number) =>
    ["observation", publicationId, number] as const,
  feeds: (publicationId: string) => ["evidence-feeds", publicationId] as const,
};
