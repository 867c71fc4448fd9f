/** A citation in a text. Other spellings are no citations, and their digits are figures without a source. */
const citation = /\[(OBS-\d+)\]/g;

/** The distinct citations of a text, in its order. */
export function citationsOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(citation)].map(([, ref]) => ref ?? ""))];
}

export const withoutCitations = (text: string): string => text.replace(citation, " ");

/** The parts of a sentence that end with citations, each with its own ones. What follows the last one is no part. */
export function citedParts(
  sentence: string,
): readonly { readonly text: string; readonly refs: readonly string[] }[] {
  return [
    ...sentence.matchAll(/(.*?)((?:\[OBS-\d+\](?:,?(?:\s+and)?\s*(?=\[OBS-)|[.!?…\s]*))+)/gs),
  ].map(([, text = "", cited = ""]) => ({ text, refs: citationsOf(cited) }));
}

/** Whether nothing but punctuation follows the last citation. */
export function endsWithCitation(sentence: string): boolean {
  return /\[OBS-\d+\][^\p{L}\p{N}]*$/u.test(sentence);
}

/** Whether a text has a letter or a digit outside its citations. */
export const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(withoutCitations(text));

/** Words whose period does not end a sentence. */
const abbreviations =
  /(?:^|[\s(])(?:e\.g|i\.e|etc|approx|ca|cf|vs|dr|mr|mrs|ms|prof|st|no|nos|vol|fig|al|\p{L})\.$/iu;

/** The end of a sentence: its punctuation, closing marks, the citations that follow it, and the space after it. */
const end = /(?:[.!?…]+["'”’»)\]]*(?:[^\S\n]*\[OBS-\d+\][.!?…]*)*(?:\s+|$)|\n+)/gu;

/** Citations of which the last one may not be complete. */
const unfinished = /^(?:\[OBS-\d+\][.!?…]*[^\S\n]*)*(?:\[(?:O|OB|OBS|OBS-\d*)?)?$/;

/**
 * Divides a text that arrives in parts into sentences, without changing it: the sentences concatenate to the text. A
 * citation after the period belongs to the sentence before it. Where it is not sure, it divides, so that no claim hides
 * behind the citation of another.
 */
export function createSentenceSplitter() {
  let buffer = "";
  /** The length of the first sentence of the buffer; 0 when more text could continue it. */
  const endOfFirst = (isLast: boolean): number => {
    for (const match of buffer.matchAll(end)) {
      const stop = match.index + match[0].length;
      const isAbbreviation =
        match[0].startsWith(".") && abbreviations.test(buffer.slice(0, match.index + 1));
      if (isAbbreviation) continue;
      if (stop === buffer.length && !isLast) return 0;
      const mayBeCited = !match[0].includes("\n") && unfinished.test(buffer.slice(stop));
      if (mayBeCited && !isLast) return 0;
      return stop;
    }
    return 0;
  };
  const take = (isLast: boolean): string[] => {
    const sentences: string[] = [];
    for (let stop = endOfFirst(isLast); stop > 0; stop = endOfFirst(isLast)) {
      sentences.push(buffer.slice(0, stop));
      buffer = buffer.slice(stop);
    }
    return sentences;
  };
  return {
    /** Adds text, and returns the sentences that are complete. */
    push(text: string): readonly string[] {
      buffer += text;
      return take(false);
    },
    /** Returns what is left at the end of the text. */
    flush(): readonly string[] {
      const sentences = take(true);
      if (buffer !== "") sentences.push(buffer);
      buffer = "";
      return sentences;
    },
  };
}

/** The sentences of a whole text. They concatenate to it. */
export function splitSentences(text: string): readonly string[] {
  const splitter = createSentenceSplitter();
  return [...splitter.push(text), ...splitter.flush()];
}

/** The sentences of an observation. A citation in its statement is text, since it would cite another observation. */
export function statementSentences(statement: string): readonly string[] {
  const plain = statement.replace(citation, "($1)").replace(/\s*\n\s*/g, " ");
  return splitSentences(plain)
    .map((sentence) => sentence.trim())
    .filter(hasWords);
}
