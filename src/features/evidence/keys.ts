import type { FigureName } from "@/lib/evidence/observation.ts";
import type { EvidenceFilter } from "./schema.ts";

export const observationKeys = {
  list: (publicationId: string, filter: EvidenceFilter) =>
    ["evidence", publicationId, filter] as const,
  observation: (publicationId: string, number: number) =>
    ["observation", publicationId, number] as const,
  figures: (publicationId: string) => ["figures", publicationId] as const,
  values: (publicationId: string, { name, unit }: FigureName) =>
    ["figure-values", publicationId, name, unit] as const,
  feeds: (publicationId: string) => ["evidence-feeds", publicationId] as const,
};
