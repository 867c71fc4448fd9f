import { expect, test } from "vitest";
import { type CheckedAnswer, composeAnswer } from "./compose-answer.ts";
import type { AnswerFrame } from "./frames.ts";
import {
  type EvidenceItem,
  nothingFound,
  type Reasoner,
  type ReasonerPart,
  type ReasonerTask,
} from "./reasoner.ts";

const items: readonly EvidenceItem[] = [
  "The ferry left 14 minutes late.",
  "In week 2, 259 crossings sailed.",
].map((statement, index) => ({
  number: index + 1,
  statement,
  figures: [],
  sourceName: "Log",
  eventAt: "2026-01-31T08:00:00.000000Z",
}));

/** A reasoner with one script for each attempt. */
function scripted(...attempts: readonly (readonly (string | ReasonerPart)[])[]) {
  const tasks: ReasonerTask[] = [];
  const ended: number[] = [];
  const reasoner: Reasoner = {
    name: "scripted",
    answer: async function* (task) {
      const attempt = tasks.push(task) - 1;
      try {
        for (const part of attempts[attempt] ?? []) {
          yield typeof part === "string" ? { type: "text", text: part } : part;
        }
      } finally {
        ended.push(attempt);
      }
    },
  };
  return { reasoner, tasks, ended };
}

interface Run {
  readonly signal?: AbortSignal;
  /** Called with the number of the read of citations. */
  readonly readable?: (read: number) => readonly EvidenceItem[];
}

function compose(reasoner: Reasoner, { signal, readable = () => items }: Run = {}) {
  const stored: CheckedAnswer[] = [];
  let reads = 0;
  const frames = composeAnswer({
    question: "How late?",
    reasoner,
    signal: signal ?? new AbortController().signal,
    tools: { queryObservations: async () => items, readObservation: async () => null },
    resolve: async (numbers) => {
      reads += 1;
      return new Map(
        readable(reads)
          .filter(({ number }) => numbers.includes(number))
          .map((item) => [item.number, item]),
      );
    },
    store: async (answer) => {
      stored.push(answer);
    },
  });
  return { frames, stored };
}

async function collect(frames: AsyncIterable<AnswerFrame>): Promise<AnswerFrame[]> {
  const all: AnswerFrame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}
const textOf = (frames: readonly AnswerFrame[]) =>
  frames.map((frame) => (frame.type === "text" ? frame.content : "")).join("");

const late = "The ferry left 14 minutes late [OBS-0001]. ";
const sailed = "In week 2, 259 crossings sailed [OBS-0002].";

test("S2.1 S2.3 frames are tool_start, text and one done at the end, with exactly the distinct citations", async () => {
  const { reasoner } = scripted([
    { type: "tool", name: "query_observations" },
    ...["The ferry left 14 min", "utes late [OBS-", "0001]. ", sailed, ` ${late}`],
  ]);
  const { frames, stored } = compose(reasoner);
  const all = await collect(frames);
  expect(all[0]).toEqual({ type: "tool_start", name: "query_observations" });
  expect(all.filter(({ type }) => type === "done")).toHaveLength(1);
  expect(all.at(-1)).toEqual({
    type: "done",
    citations: ["OBS-0001", "OBS-0002"],
    grounded: true,
  });
  expect(textOf(all)).toBe(`${late}${sailed} ${late}`);
  expect(stored).toEqual([
    { text: textOf(all), citations: ["OBS-0001", "OBS-0002"], grounded: true },
  ]);
});

test.each([
  ["an invented id", "It sank [OBS-0099]. ", "OBS-0099 cannot be cited."],
  ["an id in another spelling", "It sank [OBS-1]. ", "OBS-1 cannot be cited."],
  ["no citation", "The ferry sank. ", "The sentence does not end with a citation."],
  ["a citation of half the sentence", "The ferry left [OBS-0001] and the mayor resigned. ", "end"],
  ["an unfounded figure", "The ferry left 41 minutes late [OBS-0001]. ", "41 does not occur"],
  ["an invented word", "The ferry sank 14 minutes late [OBS-0001]. ", '"sank" does not occur'],
  ["an added negation", "In week 2, no crossings sailed [OBS-0002]. ", '"no" does not occur'],
  ["a figure of another observation", "The ferry left 259 times [OBS-0001]. ", "259"],
] as const)(
  "S2.5 S2.14 a sentence with %s is not sent, and the reasoner gets one more question with the reason",
  async (_, bad, reason) => {
    const { reasoner, tasks, ended } = scripted([late, bad, sailed], [late, sailed]);
    const all = await collect(compose(reasoner).frames);
    expect(textOf(all)).toBe(`${late}${sailed}`);
    expect(all.at(-1)).toMatchObject({ grounded: true });
    expect(tasks).toHaveLength(2);
    expect(tasks[1]).toMatchObject({ written: late, problem: expect.stringContaining(reason) });
    expect(ended).toEqual([0, 1]);
  },
);

test("an empty answer is asked for once more, and is not grounded when it stays empty", async () => {
  const { reasoner, tasks } = scripted([], [" "]);
  const all = await collect(compose(reasoner).frames);
  expect(tasks[1]?.problem).toBe("The answer is empty.");
  expect(all).toEqual([{ type: "done", citations: [], grounded: false }]);
});

test("S2.5 a reasoner that fails twice is sent to its end, as not grounded, without a third attempt", async () => {
  const { reasoner, tasks } = scripted(
    [late, "It sank [OBS-0099]. "],
    ["It sank [OBS-0099]. ", sailed],
    [sailed],
  );
  const { frames, stored } = compose(reasoner);
  const all = await collect(frames);
  expect(tasks).toHaveLength(2);
  expect(textOf(all)).toBe(`${late}It sank [OBS-0099]. ${sailed}`);
  expect(all.at(-1)).toEqual({
    type: "done",
    citations: ["OBS-0001", "OBS-0099", "OBS-0002"],
    grounded: false,
  });
  expect(stored).toMatchObject([{ grounded: false }]);
});

test("an answer that claims nothing is sent as it is, and is not grounded", async () => {
  const { reasoner, tasks } = scripted([nothingFound]);
  const all = await collect(compose(reasoner).frames);
  expect(tasks).toHaveLength(1);
  expect(all.at(-1)).toEqual({ type: "done", citations: [], grounded: false });
  const twice = scripted([`${nothingFound} The mayor resigned.`], [`${nothingFound} He resigned.`]);
  expect((await collect(compose(twice.reasoner).frames)).at(-1)).toMatchObject({ grounded: false });
});

test("a citation that is no longer readable at the end makes the answer not grounded", async () => {
  const { reasoner } = scripted([late]);
  const { frames } = compose(reasoner, { readable: (read) => (read === 1 ? items : []) });
  expect((await collect(frames)).at(-1)).toMatchObject({
    citations: ["OBS-0001"],
    grounded: false,
  });
});

test("S2.2 the first sentence is sent before the reasoner has ended", async () => {
  const { reasoner, ended } = scripted([late, sailed, "\n", late]);
  const { frames } = compose(reasoner);
  expect((await frames.next()).value).toEqual({ type: "text", content: late });
  expect(ended).toEqual([]);
  await frames.return();
  expect(ended).toEqual([0]);
});

test("S2.13 an aborted answer stores nothing, sends no done, and ends the reasoner", async () => {
  const { reasoner, ended } = scripted([late, sailed, "\n", late]);
  const abort = new AbortController();
  const { frames, stored } = compose(reasoner, { signal: abort.signal });
  await frames.next();
  abort.abort();
  await expect(frames.next()).rejects.toMatchObject({ name: "AbortError" });
  expect([stored, ended]).toEqual([[], [0]]);
});

test("a reasoner, or a store, that throws leaves an answer without done", async () => {
  const broken: Reasoner = {
    name: "broken",
    answer: async function* () {
      yield { type: "text", text: `${late}And` };
      throw new Error("broken off");
    },
  };
  const { frames, stored } = compose(broken);
  const all: AnswerFrame[] = [];
  await expect(
    (async () => {
      for await (const frame of frames) all.push(frame);
    })(),
  ).rejects.toThrow("broken off");
  expect(all).toEqual([{ type: "text", content: late }]);
  expect(stored).toEqual([]);
});
