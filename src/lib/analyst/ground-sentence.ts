import { parseObservationRef } from "../evidence/observation.ts";
import { withoutAttribution } from "./attribution.ts";
import { unfoundedFigures } from "./figures.ts";
import { foreignWordsReason, sentencesOf } from "./own-words.ts";
import { type EvidenceItem, nothingFound } from "./reasoner.ts";
import { citationsOf, citedParts, endsWithCitation, hasWords } from "./sentences.ts";

/** Resolves citations by a separate read as the viewer. Observations that it does not return are missing or hidden. */
export type ResolveCitations = (
  numbers: readonly number[],
) => Promise<ReadonlyMap<number, EvidenceItem>>;

/**
 * Checks a sentence: it ends with citations, each of them is found, and the figures and words of
 * each of its parts occur in the observations that are cited behind it.
 *
 * @returns why it is not grounded; null when it is
 */
export async function ungroundedReason(
  sentence: string,
  resolve: ResolveCitations,
): Promise<string | null> {
  const refs = citationsOf(sentence);
  if (refs.length === 0 && (!hasWords(sentence) || sentence.trim() === nothingFound)) return null;
  if (refs.length === 0 || !endsWithCitation(sentence)) {
    return "The sentence does not end with a citation.";
  }
  const numbers = refs.map(parseObservationRef);
  const wanted = numbers.filter((number) => number !== null);
  const found = await resolve(wanted);
  const missing = refs.filter((_, index) => !found.has(numbers[index] ?? 0));
  if (missing.length > 0) return `${missing.join(", ")} cannot be cited.`;
  for (const { text, refs: cited } of citedParts(sentence)) {
    const items = cited.flatMap((ref) => found.get(parseObservationRef(ref) ?? 0) ?? []);
    const reason = unprovenReason(text, items);
    if (reason !== null) return reason;
  }
  return null;
}

/** Why the observations do not prove a part of a sentence; null when they do. */
function unprovenReason(text: string, items: readonly EvidenceItem[]): string | null {
  const claim = withoutAttribution(
    text,
    items.map(({ sourceName }) => sourceName),
  );
  const unfounded = unfoundedFigures(
    claim,
    items.map((item) => ({ texts: sentencesOf(item), eventAt: item.eventAt })),
  );
  return unfounded.length > 0
    ? `${unfounded.join(", ")} does not occur in the observations that the sentence cites.`
    : foreignWordsReason(claim, items);
}
