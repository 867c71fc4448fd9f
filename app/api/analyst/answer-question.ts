import type { AskInput } from "@/features/analyst/schema.ts";
import { storeAnswer } from "@/features/analyst/store-answer.ts";
import {
  resolveObservations,
  searchObservations,
} from "@/features/evidence/read/search-observations.ts";
import { composeAnswer } from "@/lib/analyst/compose-answer.ts";
import type { AnswerFrame } from "@/lib/analyst/frames.ts";
import type { Reasoner } from "@/lib/analyst/reasoner.ts";
import type { EvidenceKeys } from "@/lib/evidence/signing.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { Contexts } from "@/wiring/create-contexts.ts";

export interface AnswerQuestionOptions {
  readonly contexts: Pick<Contexts, "read" | "write">;
  readonly keys: EvidenceKeys;
  readonly reasoner: Reasoner;
  /** The viewer at the moment of the call, so that each read has the rights of its moment. */
  readonly viewer: () => Promise<WriteContext["viewer"]>;
  readonly signal: AbortSignal;
}

/** Answers a stored question: tools, citations and the store run as the viewer. */
export function answerQuestion(
  { publicationId, answerId, question }: AskInput,
  { contexts, keys, reasoner, viewer, signal }: AnswerQuestionOptions,
): AsyncGenerator<AnswerFrame, void, undefined> {
  const used = new Set<number>();
  const noted = <Item extends { readonly number: number }>(items: readonly Item[]) => {
    for (const { number } of items) used.add(number);
    return items;
  };
  const search = async (words: string) => {
    const read = contexts.read(await viewer());
    return noted(
      await read(({ tx }) => searchObservations({ tx, keys }, { publicationId, words })),
    );
  };
  const resolve = async (numbers: readonly number[]) => {
    const read = contexts.read(await viewer());
    return noted(
      await read(({ tx }) => resolveObservations({ tx, keys }, { publicationId, numbers })),
    );
  };
  return composeAnswer({
    question,
    signal,
    reasoner,
    tools: {
      queryObservations: search,
      readObservation: async (number) => (await resolve([number]))[0] ?? null,
    },
    resolve: async (numbers) =>
      new Map((await resolve(numbers)).map((item) => [item.number, item])),
    store: async (checked) => {
      const write = contexts.write(await viewer());
      await write((ctx) => storeAnswer(ctx, answerId, checked, [...used]));
    },
  });
}
