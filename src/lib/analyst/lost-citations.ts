import { observationRef } from "../evidence/observation.ts";
import type { ResolveCitations } from "./ground-sentence.ts";

/** A stored answer. `grounded` is null for what is no complete answer. */
interface StoredGrounding {
  readonly grounded: boolean | null;
  /** Numbers of the cited observations. */
  readonly citations: readonly number[];
}

/**
 * For each stored answer, the names of its citations that can no longer ground a claim: the observation was corrected,
 * altered, or hidden from the viewer after the answer was stored. Empty for answers that were not grounded.
 *
 * Resolves the citations of all answers at once.
 */
export async function lostCitations(
  answers: readonly StoredGrounding[],
  resolve: ResolveCitations,
): Promise<readonly (readonly string[])[]> {
  const cited = answers.map(({ grounded, citations }) => (grounded === true ? citations : []));
  const found = await resolve([...new Set(cited.flat())]);
  return cited.map((numbers) => numbers.filter((number) => !found.has(number)).map(observationRef));
}
