import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFairQueue, type FairQueueOptions } from "./fair-queue.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Enters and notes when the turn comes. */
function setUp(options: Partial<FairQueueOptions> & Pick<FairQueueOptions, "concurrency">) {
  const queue = createFairQueue({ waitingPerOwner: 60, waiting: 256, ...options });
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const enter = async (owner: string) => {
    const turn = await queue.enter(owner);
    begun.push(typeof turn === "string" ? turn : owner);
    if (typeof turn !== "string") ends.push(turn);
  };
  const endOne = async () => {
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { enter, endOne, begun, ends };
}

test("an owner who comes after a flood of another one has the turn after the next", async () => {
  const { enter, endOne, begun } = setUp({ concurrency: 1 });
  for (let n = 0; n < 40; n += 1) void enter("flood");
  void enter("ada");
  void enter("bob");
  await vi.advanceTimersByTimeAsync(0);
  for (let n = 0; n < 4; n += 1) await endOne();
  expect(begun).toEqual(["flood", "flood", "ada", "bob", "flood"]);
});

test("an owner has two turns at once, and the other places are free for others", async () => {
  const { enter, endOne, begun } = setUp({ concurrency: 4, concurrencyPerOwner: 2 });
  for (let n = 0; n < 10; n += 1) void enter("flood");
  for (const visitor of ["ada", "bob", "cem"]) void enter(visitor);
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(["flood", "flood", "ada", "bob"]);
  await endOne();
  // Of the flood, which waits longer: it has a place again. Then it is the turn of the other one.
  expect(begun.slice(4)).toEqual(["flood"]);
  await endOne();
  expect(begun.slice(5)).toEqual(["cem"]);
});

test("no more requests run at once than allowed, and a turn that ends twice frees one place", async () => {
  const { enter, begun, ends } = setUp({ concurrency: 2 });
  for (const visitor of ["a", "b", "c", "d"]) void enter(visitor);
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(["a", "b"]);
  ends[0]?.();
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(["a", "b", "c"]);
});

test("the requests that wait are bounded, per owner and in all", async () => {
  const { enter, begun } = setUp({ concurrency: 1, waitingPerOwner: 2, waiting: 3 });
  for (let n = 0; n < 4; n += 1) void enter("flood");
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(["flood", "owner_full"]);
  void enter("ada");
  void enter("bob");
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(["flood", "owner_full", "queue_full"]);
});

test("a request that waits too long is refused, and takes no turn later", async () => {
  const { enter, endOne, begun } = setUp({ concurrency: 1, longestWaitMs: 1_000 });
  void enter("a");
  void enter("b");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toEqual(["a", "too_late"]);
  await endOne();
  void enter("c");
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(["a", "too_late", "c"]);
  expect(vi.getTimerCount()).toBe(0);
});
