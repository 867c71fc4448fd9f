import { expect, test } from "vitest";
import { repeatUntilFree } from "./repeats.ts";

/** Reads so often in each repeat; afterwards never again. */
function createReader(...readsOfRepeats: readonly number[]) {
  let fetches = 10;
  let repeats = 0;
  return {
    reads: ["thread"],
    fetches: () => fetches,
    repeat: () => {
      fetches += readsOfRepeats[repeats] ?? 0;
      repeats += 1;
      return repeats;
    },
  };
}

const play = async (...readers: readonly ReturnType<typeof createReader>[]) => {
  const { problems, greedy } = await repeatUntilFree(readers, async () => {
    for (const reader of readers) reader.repeat();
    return [];
  });
  expect(problems).toEqual([]);
  return greedy.map(({ reader, repeats }) => [readers.indexOf(reader), repeats]);
};

test("I5 repeats that cost nothing, or a read and a trailing one, are forgiven", async () => {
  expect(await play(createReader())).toEqual([]);
  expect(await play(createReader(2))).toEqual([]);
  expect(await play(createReader(1, 1))).toEqual([]);
  expect(await play(createReader(0), createReader(1, 0), createReader(2, 0))).toEqual([]);
});

test("I5 a third read is found, in whichever repeat it comes, and whoever is beside it is not blamed", async () => {
  expect(await play(createReader(3))).toEqual([[0, 1]]);
  expect(await play(createReader(1, 1, 1))).toEqual([[0, 3]]);
  expect(await play(createReader(1), createReader(2, 1))).toEqual([[1, 2]]);
});

test("I5 readers who together never come to rest are found", async () => {
  const inTurn = [0, 1, 2, 3, 4].map((turn) => {
    const reads = Array.from({ length: 5 }, (_, repeat) => (repeat === turn ? 1 : 0));
    return createReader(...reads);
  });
  expect(await play(...inTurn)).toEqual([0, 1, 2, 3, 4].map((index) => [index, 5]));
});

test("what is wrong after a repeat is told, and not repeated over", async () => {
  let repeats = 0;
  const { problems } = await repeatUntilFree([createReader()], async () => {
    repeats += 1;
    return ["an older row is shown"];
  });
  expect([problems, repeats]).toEqual([["an older row is shown"], 1]);
});
