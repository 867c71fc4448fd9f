import fc from "fast-check";
import { expect, test } from "vitest";
import { createTimers } from "../../protocol/clock.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createFetchQueue } from "./fetch-queue.ts";

/** A queue whose fetches the test ends. Records the order in which they start. */
function setUp({ atOnce = 2, refused = [] as readonly string[] } = {}) {
  const clock = createFakeClock(0);
  const started: string[] = [];
  const running = new Set<string>();
  let most = 0;
  const queue = createFetchQueue<string>({
    timers: createTimers(clock),
    atOnce,
    start: (key) => {
      if (refused.includes(key)) return false;
      started.push(key);
      running.add(key);
      most = Math.max(most, running.size);
      return true;
    },
  });
  const finish = (key: string) => {
    running.delete(key);
    queue.done(key);
  };
  return { clock, queue, started, running, finish, mostAtOnce: () => most };
}

test("Q1 at most the allowed number run at once, and each end starts the next one", () => {
  const { queue, started, finish } = setUp();
  for (const key of ["a", "b", "c", "d"]) queue.wait(key, 0);
  expect(started).toEqual(["a", "b"]);
  finish("b");
  expect(started).toEqual(["a", "b", "c"]);
  finish("a");
  finish("c");
  expect(started).toEqual(["a", "b", "c", "d"]);
});

test("Q2 the most urgent is started first, and of equals the one that was added first", () => {
  const { queue, started, finish } = setUp({ atOnce: 1 });
  queue.wait("running", 0);
  queue.wait("low", 5_000);
  queue.wait("normal 1", 1_000);
  queue.wait("normal 2", 1_000);
  queue.wait("high", 0);
  for (const key of ["running", "high", "normal 1", "normal 2", "low"]) finish(key);
  expect(started).toEqual(["running", "high", "normal 1", "normal 2", "low"]);
});

test("Q3 a key that has waited longer than its patience is started before a later urgent one", () => {
  const { clock, queue, started, finish } = setUp({ atOnce: 1 });
  queue.wait("running", 0);
  queue.wait("low", 5_000);
  clock.advanceNow(5_001);
  queue.wait("high", 0);
  finish("running");
  expect(started).toEqual(["running", "low"]);
});

test("Q4 a fetch that hangs no longer counts after 10 s", () => {
  const { clock, queue, started } = setUp({ atOnce: 1 });
  queue.wait("hangs", 0);
  queue.wait("next", 0);
  clock.advanceNow(9_999);
  expect(started).toEqual(["hangs"]);
  clock.advanceNow(1);
  expect(started).toEqual(["hangs", "next"]);
});

test("a key that start refuses, or that was removed, does not count", () => {
  const { queue, started, finish } = setUp({ atOnce: 1, refused: ["b"] });
  for (const key of ["a", "b", "c", "d"]) queue.wait(key, 0);
  queue.giveUp("c");
  finish("a");
  expect(started).toEqual(["a", "d"]);
});

test("Q1 Q3 in any order of arrivals and priorities: never too many at once, all are started, and none after one that was added past its deadline", () => {
  const arrival = fc.record({
    afterMs: fc.integer({ min: 0, max: 2_000 }),
    patienceMs: fc.constantFrom(0, 1_000, 5_000),
    takesMs: fc.integer({ min: 0, max: 12_000 }),
  });
  fc.assert(
    fc.property(
      fc.array(arrival, { maxLength: 60 }),
      fc.integer({ min: 1, max: 6 }),
      (arrivals, atOnce) => {
        const clock = createFakeClock(0);
        const startedAtMs = new Map<number, number>();
        let running = 0;
        let most = 0;
        const queue = createFetchQueue<number>({
          timers: createTimers(clock),
          atOnce,
          start: (key) => {
            startedAtMs.set(key, clock.now());
            running += 1;
            most = Math.max(most, running);
            const takesMs = arrivals[key]?.takesMs ?? 0;
            // A fetch of 10 s or longer no longer counts.
            clock.after(Math.min(takesMs, 9_999), () => {
              running -= 1;
            });
            clock.after(takesMs, () => queue.done(key));
            return true;
          },
        });
        const dueMs: number[] = [];
        const cameMs: number[] = [];
        for (const [key, { afterMs, patienceMs }] of arrivals.entries()) {
          clock.advanceNow(afterMs);
          cameMs.push(clock.now());
          dueMs.push(clock.now() + patienceMs);
          queue.wait(key, patienceMs);
        }
        clock.advanceNow(60 * 12_000);
        expect(most).toBeLessThanOrEqual(atOnce);
        expect(startedAtMs.size).toBe(arrivals.length);
        for (const [one, due] of dueMs.entries()) {
          for (const [other, came] of cameMs.entries()) {
            if (came <= due) continue;
            expect(startedAtMs.get(one)).toBeLessThanOrEqual(startedAtMs.get(other) ?? 0);
          }
        }
      },
    ),
    { numRuns: 100 },
  );
});
