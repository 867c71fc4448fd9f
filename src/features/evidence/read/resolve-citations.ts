import type { ResolveCitations } from "@/lib/analyst/ground-sentence.ts";
import type { EvidenceReadContext } from "./list-observations.ts";
import { resolveObservations } from "./search-observations.ts";

/** Resolves citations of a publication's observations in the transaction of a read, by one statement per call. */
export function resolveCitations(
  ctx: EvidenceReadContext,
  publicationId: string,
): ResolveCitations {
  return async (numbers) => {
    const found = await resolveObservations(ctx, { publicationId, numbers });
    return new Map(found.map((item) => [item.number, item]));
  };
}
