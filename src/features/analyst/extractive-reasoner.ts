import {
  type EvidenceItem,
  nothingFound,
  type Reasoner,
  type ReasonerPart,
} from "@/lib/analyst/reasoner.ts";
import { statementSentences } from "@/lib/analyst/sentences.ts";
import { observationRef } from "@/lib/evidence/observation.ts";

/** Observations that an answer quotes. */
const quotedAtMost = 4;

/**
 * The built-in reasoner: it quotes the observations that a full-text search finds, each sentence with its citation.
 * Without a model, a key or a network, and the same for the same log and question.
 */
export const extractiveReasoner: Reasoner = {
  name: "built-in",
  answer: async function* ({ question, written }, tools, signal): AsyncGenerator<ReasonerPart> {
    yield { type: "tool", name: "query_observations" };
    const found = await tools.queryObservations(question);
    signal.throwIfAborted();
    if (found.length === 0 && written === "") yield { type: "text", text: nothingFound };
    for (const item of found.slice(0, quotedAtMost)) {
      for (const sentence of quote(item)) yield { type: "text", text: `${sentence} ` };
    }
  },
};

/** The sentences of an observation, each with its citation, and its figures when the statement does not have them. */
export function quote({ number, statement, figures }: EvidenceItem): readonly string[] {
  const citation = `[${observationRef(number)}]`;
  const sentences = statementSentences(statement).map((sentence) => {
    const [, words = "", end] = /^(.*?)([.!?…]*)$/s.exec(sentence) ?? [];
    return `${words} ${citation}${end || "."}`;
  });
  const others = figures.filter(({ value }) => !hasNumber(statement, value));
  return [
    ...sentences,
    ...others.map(({ name, value, unit }) => `${name}: ${value}${unit && ` ${unit}`} ${citation}.`),
  ];
}

/** Whether a text has a number, and not only its digits as a part of another number. */
function hasNumber(text: string, value: string): boolean {
  const number = value.replace(".", String.raw`\.`);
  return new RegExp(
    String.raw`(?<![\p{L}\p{N}\-−]|\p{N}[.,:])${number}(?!\p{N}|[.,:]\p{N})`,
    "u",
  ).test(text);
}
