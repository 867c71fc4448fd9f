import { type CheckedAnswer, composeAnswer } from "@/lib/analyst/compose-answer.ts";
import type { ResolveCitations } from "@/lib/analyst/ground-sentence.ts";
import type { AnalystTools, Reasoner } from "@/lib/analyst/reasoner.ts";
import { parseObservationRef } from "@/lib/evidence/observation.ts";
import type { JobContext } from "@/wiring/context-types.ts";
import { beginAnswer, type ChatQuestion, endAnswer, writePart } from "./write-answer.ts";

/** Runs an action in a new transaction, with the rights of the worker role. */
type RunJob = <Result>(action: (ctx: JobContext) => Promise<Result>) => Promise<Result>;

export interface AnswerInChatOptions {
  readonly job: RunJob;
  readonly reasoner: Reasoner;
  /** Reads of what every member may read, since every member reads the answer. */
  readonly tools: AnalystTools;
  readonly resolve: ResolveCitations;
  readonly signal: AbortSignal;
}

/**
 * Answers a question in the chat. Each part commits as soon as it is checked, so that members watch the answer grow. A
 * later attempt at the same answer ends this one.
 *
 * @throws what the reasoner or the database throws. The answer then stays open, and may be begun again.
 */
export async function answerInChat(
  { job, reasoner, tools, resolve, signal }: AnswerInChatOptions,
  question: ChatQuestion,
): Promise<void> {
  const answer = await job((ctx) => beginAnswer(ctx, question));
  if (answer === null) return;
  let parts = 0;
  const store = async ({ citations, grounded }: CheckedAnswer) => {
    const numbers = citations.map(parseObservationRef).filter((number) => number !== null);
    await job((ctx) =>
      endAnswer(ctx, answer, { state: "complete", parts, grounded, citations: numbers }),
    );
  };
  const frames = composeAnswer({
    question: question.text,
    reasoner,
    tools,
    resolve,
    store,
    signal,
  });
  for await (const frame of frames) {
    if (frame.type !== "text") continue;
    const position = parts;
    if (!(await job((ctx) => writePart(ctx, answer, position, frame.content)))) return;
    parts += 1;
  }
}

/** Marks the answer to a question as failed, which the chat shows. */
export async function giveUpAnswer(job: RunJob, question: ChatQuestion): Promise<void> {
  await job(async (ctx) => {
    const answer = await beginAnswer(ctx, question);
    if (answer !== null) await endAnswer(ctx, answer, { state: "failed" });
  });
}
