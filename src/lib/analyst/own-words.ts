import { isFigureWord, unitOf } from "./figure-tokens.ts";
import { normalize, withoutDates } from "./figures.ts";
import type { EvidenceItem } from "./reasoner.ts";
import { statementSentences } from "./sentences.ts";
import { stemOf } from "./stem-of.ts";

const listOf = (words: string) => new Set(words.split(" "));

/** Words that a sentence may add to those of the observations that it cites. */
const free = listOf(
  "a an the and also of in on at to for from by with as that this these those which who whose it its they their them " +
    "he she his her there is are was were be been being has have had do does did says said reports reported according",
);

const negating = listOf(
  "not no never none nobody nothing nowhere neither nor without hardly barely false untrue denies denied deny wrongly",
);

/** Words that reverse or limit a statement, or make it the words of another. */
const limiting = new Set([
  ...negating,
  ...listOf(
    "only except unless if until almost nearly may might could would should will shall can planned expected proposed " +
      "possibly perhaps maybe probably likely unlikely allegedly alleged reportedly unconfirmed rumoured " +
      "say tell write answer repeat ignore claim claims claimed pretend imagine suppose",
  ),
]);

/** The words of a text in lower case. Contractions are written out. */
function wordsOf(text: string): readonly string[] {
  const plain = withoutDates(normalize(text))
    .toLowerCase()
    .replace(/[’ʼ]/g, "'")
    .replace(/\bcan(?:'t|not)\b/g, "can not")
    .replace(/\bwon't\b/g, "will not")
    .replace(/n't\b/g, " not")
    .replace(/'s\b/g, "");
  return plain.match(/[\p{L}\p{M}]+/gu) ?? [];
}

/** Signs such as "≠". Figures are checked with their currencies. */
const signsOf = (text: string): readonly string[] =>
  normalize(text).match(/[\p{Sm}\p{Sk}\p{So}]/gu) ?? [];

/** What a sentence is compared by: the stems of its words, and those of them that limit it. */
interface Restated {
  readonly content: ReadonlySet<string>;
  readonly limits: ReadonlySet<string>;
}

function restated(text: string): Restated {
  const words = wordsOf(text);
  const isContent = (word: string) => !free.has(word) && !limiting.has(word);
  return {
    content: new Set(words.filter(isContent).map((word) => unitOf(word) ?? stemOf(word))),
    limits: new Set(words.filter((word) => limiting.has(word))),
  };
}

/** The sentences of an observation. Each of its figures, with its unit, is one. */
export const sentencesOf = ({ statement, figures }: EvidenceItem): readonly string[] => [
  ...statementSentences(statement),
  ...figures.map(({ name, value, unit }) => `${name}: ${value} ${unit}`),
];

/**
 * Compares the words of a sentence with those of the observations that it cites. Each of its words occurs in them, in
 * any form. Words that reverse or limit a statement, such as "not" and "only", are those of the sentence that has the
 * most words in common with it. The order of words is not compared.
 *
 * @param claim a sentence without its citations and the names of its sources
 * @returns why the sentence is refused; null when it is not
 */
export function foreignWordsReason(claim: string, items: readonly EvidenceItem[]): string | null {
  const sources = items.flatMap(sentencesOf);
  const known = sources.flatMap(wordsOf);
  const stems = new Set(known.map(stemOf));
  const units = new Set(known.map(unitOf));
  const isKnown = (word: string) =>
    free.has(word) ||
    isFigureWord(word) ||
    stems.has(stemOf(word)) ||
    (unitOf(word) !== null && units.has(unitOf(word)));
  const foreign =
    wordsOf(claim).find((word) => !isKnown(word)) ??
    signsOf(claim).find((sign) => !sources.some((text) => normalize(text).includes(sign)));
  if (foreign !== undefined) {
    return `"${foreign}" does not occur in the observations that the sentence cites.`;
  }
  const restatedClaim = restated(claim);
  const restatedSources = sources.map(restated);
  if (restatedSources.some((source) => isWhole(restatedClaim, source))) return null;
  if (!restatedSources.some((source) => wordsInCommon(restatedClaim, source) > 0)) {
    return "The sentence has no word in common with the observations that it cites.";
  }
  const word = limitThatDiffers(restatedClaim, restatedSources);
  return word === undefined
    ? null
    : `The sentence differs in "${word}" from the sentence that it restates.`;
}

const wordsInCommon = (claim: Restated, source: Restated): number =>
  [...claim.content].filter((word) => source.content.has(word)).length;

/** The words that reverse or limit one of the two only. */
const differences = (claim: Restated, { limits }: Restated): readonly string[] => [
  ...[...limits].filter((word) => !claim.limits.has(word)),
  ...[...claim.limits].filter((word) => !limits.has(word)),
];

const isWhole = (claim: Restated, source: Restated): boolean =>
  source.content.size === claim.content.size &&
  wordsInCommon(claim, source) === claim.content.size &&
  differences(claim, source).length === 0;

/** A word that reverses or limits a claim and not its source, or the other way round. */
function limitThatDiffers(claim: Restated, sources: readonly Restated[]): string | undefined {
  const most = Math.max(...sources.map((source) => wordsInCommon(claim, source)));
  const closest = sources.filter((source) => wordsInCommon(claim, source) === most);
  const [different] = closest.flatMap((source) => differences(claim, source));
  if (different !== undefined) return different;
  // A word that occurs in negated sentences alone cannot be used without a negation.
  for (const word of claim.content) {
    const [first, ...others] = sources.filter(({ content }) => content.has(word));
    const negations = [...(first?.limits ?? [])].filter(
      (limit) => negating.has(limit) && others.every(({ limits }) => limits.has(limit)),
    );
    const missing = negations.find((limit) => !claim.limits.has(limit));
    if (missing !== undefined) return missing;
  }
  return undefined;
}
