import { expect, test } from "vitest";
import { repeatUntilFree } from "./repeats.ts";

/** A reader with the given number of reads in each repeat, then none. */
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

const run = async (...readers: readonly ReturnType<typeof createReader>[]) => {
  const { problems, excessive } = await repeatUntilFree(readers, async () => {
    for (const reader of readers) reader.repeat();
    return [];
  });
  expect(problems).toEqual([]);
  return excessive.map(({ reader, repeats }) => [readers.indexOf(reader), repeats]);
};

test("I5 up to two reads per query over all repeats are allowed", async () => {
  expect(await run(createReader())).toEqual([]);
  expect(await run(createReader(2))).toEqual([]);
  expect(await run(createReader(1, 1))).toEqual([]);
  expect(await run(createReader(0), createReader(1, 0), createReader(2, 0))).toEqual([]);
});

test("I5 a third read in any repeat is reported for its reader only", async () => {
  expect(await run(createReader(3))).toEqual([[0, 1]]);
  expect(await run(createReader(1, 1, 1))).toEqual([[0, 3]]);
  expect(await run(createReader(1), createReader(2, 1))).toEqual([[1, 2]]);
});

test("I5 reads that continue until the last repeat are reported for every reader", async () => {
  const inTurn = [0, 1, 2, 3, 4].map((turn) => {
    const reads = Array.from({ length: 5 }, (_, repeat) => (repeat === turn ? 1 : 0));
    return createReader(...reads);
  });
  expect(await run(...inTurn)).toEqual([0, 1, 2, 3, 4].map((index) => [index, 5]));
});

test("a problem after a repeat is returned without a further repeat", async () => {
  let repeats = 0;
  const { problems } = await repeatUntilFree([createReader()], async () => {
    repeats += 1;
    return ["an older row is shown"];
  });
  expect([problems, repeats]).toEqual([["an older row is shown"], 1]);
});
