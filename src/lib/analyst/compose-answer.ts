import { parseObservationRef } from "../evidence/observation.ts";
import type { AnswerFrame } from "./frames.ts";
import { type ResolveCitations, ungroundedReason } from "./ground-sentence.ts";
import type { AnalystTools, Reasoner, ReasonerPart } from "./reasoner.ts";
import { citationsOf, createSentenceSplitter, hasWords } from "./sentences.ts";

/** An answer after it was checked. */
export interface CheckedAnswer {
  readonly text: string;
  readonly citations: readonly string[];
  readonly grounded: boolean;
}

export interface ComposeOptions {
  readonly question: string;
  readonly reasoner: Reasoner;
  readonly tools: AnalystTools;
  readonly resolve: ResolveCitations;
  /** Stores the answer. It is called before the last frame, so that a read after that frame finds it. */
  readonly store: (answer: CheckedAnswer) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Streams an answer sentence by sentence. A sentence is checked before it is sent. The first one that is not grounded is
 * dropped, and the reasoner continues once more after the sentences that were sent. When another one is not grounded,
 * the answer is sent to its end unchanged, with `grounded: false` in `done`.
 *
 * @throws what the reasoner, a read or the store throws. The stream then has no `done`.
 */
export async function* composeAnswer(
  options: ComposeOptions,
): AsyncGenerator<AnswerFrame, void, undefined> {
  const { question, reasoner, tools, resolve, store, signal } = options;
  let text = "";
  let problem: string | null = null;
  let isGrounded = true;
  for (const isLast of [false, true]) {
    const task = { question, written: text, problem };
    problem = null;
    const sentences = readSentences(reasoner.answer(task, tools, signal));
    for await (const part of sentences) {
      signal.throwIfAborted();
      if (part.type === "tool") {
        yield { type: "tool_start", name: part.name };
        continue;
      }
      // A reasoner that starts again repeats sentences that were sent.
      if (isLast && hasWords(part.text) && text.includes(part.text.trim())) continue;
      const reason = await ungroundedReason(part.text, resolve);
      if (reason !== null && !isLast) {
        problem = reason;
        break;
      }
      if (reason !== null) isGrounded = false;
      if (text === "" && part.text.trim() === "") continue;
      text += part.text;
      yield { type: "text", content: part.text };
    }
    if (problem === null && text.trim() === "") problem = "The answer is empty.";
    if (problem === null) break;
    if (isLast) isGrounded = false;
  }
  signal.throwIfAborted();
  const citations = citationsOf(text);
  // Rights and rows may have changed since the sentences were checked.
  const numbers = citations.map(parseObservationRef).filter((number) => number !== null);
  const found = numbers.length === 0 ? new Map() : await resolve(numbers);
  const areFound = citations.length > 0 && found.size === citations.length;
  const answer = { text, citations, grounded: isGrounded && areFound };
  await store(answer);
  yield { type: "done", citations, grounded: answer.grounded };
}

/** The parts of a reasoner, with their text divided into sentences. */
async function* readSentences(parts: ReturnType<Reasoner["answer"]>): AsyncGenerator<ReasonerPart> {
  const splitter = createSentenceSplitter();
  for await (const part of parts) {
    if (part.type === "tool") yield part;
    else for (const text of splitter.push(part.text)) yield { type: "text", text };
  }
  for (const text of splitter.flush()) yield { type: "text", text };
}
