import { parseObservationRef } from "../evidence/observation.ts";
import { type FigureSource, unfoundedFigures } from "./figures.ts";
import { foreignWordsReason } from "./own-words.ts";
import { type EvidenceItem, nothingFound } from "./reasoner.ts";
import {
  citationsOf,
  citedParts,
  endsWithCitation,
  hasWords,
  withoutCitations,
} from "./sentences.ts";

/** Resolves citations by a separate read as the viewer. Observations that it does not return are missing or hidden. */
export type ResolveCitations = (
  numbers: readonly number[],
) => Promise<ReadonlyMap<number, EvidenceItem>>;

/**
 * Checks a sentence: it ends with citations, each of them is found, and its figures and words occur in them.
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
  const unfounded = unfoundedFigures(
    withoutCitations(sentence),
    [...found.values()].map(figureSource),
  );
  if (unfounded.length > 0) {
    return `${unfounded.join(", ")} does not occur in the observations that the sentence cites.`;
  }
  for (const { text, refs: cited } of citedParts(sentence)) {
    const items = cited.flatMap((ref) => found.get(parseObservationRef(ref) ?? 0) ?? []);
    const reason = foreignWordsReason(text, items);
    if (reason !== null) return reason;
  }
  return null;
}

const figureSource = ({ statement, figures, sourceName, eventAt }: EvidenceItem): FigureSource => ({
  text: [
    statement,
    ...figures.map(({ name, value, unit }) => `${name}: ${value} ${unit}`),
    sourceName,
  ].join("\n"),
  eventAt,
});
