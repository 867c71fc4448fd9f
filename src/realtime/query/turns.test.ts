import fc from "fast-check";
import { expect, test } from "vitest";
import { createTimers } from "../client/clock.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createTurns } from "./turns.ts";

/** Keys that run as long as the test says, and in which order they were let in. */
function setUp({ atOnce = 2, refused = [] as readonly string[] } = {}) {
  const clock = createFakeClock(0);
  const started: string[] = [];
  const running = new Set<string>();
  let most = 0;
  const turns = createTurns<string>({
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
    turns.done(key);
  };
  return { clock, turns, started, running, finish, mostAtOnce: () => most };
}

test("Q1 no more run at once than are allowed, and each end lets the next one in", () => {
  const { turns, started, finish } = setUp();
  for (const key of ["a", "b", "c", "d"]) turns.wait(key, 0);
  expect(started).toEqual(["a", "b"]);
  finish("b");
  expect(started).toEqual(["a", "b", "c"]);
  finish("a");
  finish("c");
  expect(started).toEqual(["a", "b", "c", "d"]);
});

test("Q2 the urgent goes first, and of equals who came first", () => {
  const { turns, started, finish } = setUp({ atOnce: 1 });
  turns.wait("running", 0);
  turns.wait("low", 5_000);
  turns.wait("normal 1", 1_000);
  turns.wait("normal 2", 1_000);
  turns.wait("high", 0);
  for (const key of ["running", "high", "normal 1", "normal 2", "low"]) finish(key);
  expect(started).toEqual(["running", "high", "normal 1", "normal 2", "low"]);
});

test("Q3 who has waited longer than its patience goes before the urgent that comes then", () => {
  const { clock, turns, started, finish } = setUp({ atOnce: 1 });
  turns.wait("running", 0);
  turns.wait("low", 5_000);
  clock.advanceNow(5_001);
  turns.wait("high", 0);
  finish("running");
  expect(started).toEqual(["running", "low"]);
});

test("Q4 a fetch that hangs makes way after 10 s", () => {
  const { clock, turns, started } = setUp({ atOnce: 1 });
  turns.wait("hangs", 0);
  turns.wait("next", 0);
  clock.advanceNow(9_999);
  expect(started).toEqual(["hangs"]);
  clock.advanceNow(1);
  expect(started).toEqual(["hangs", "next"]);
});

test("who no longer wants its turn, and who gave up, takes nobody's place", () => {
  const { turns, started, finish } = setUp({ atOnce: 1, refused: ["b"] });
  for (const key of ["a", "b", "c", "d"]) turns.wait(key, 0);
  turns.giveUp("c");
  finish("a");
  expect(started).toEqual(["a", "d"]);
});

test("Q1 Q3 whoever comes whenever with whatever urgency: never too many at once, all have their turn, and none is overtaken by what came after it was due", () => {
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
        const turns = createTurns<number>({
          timers: createTimers(clock),
          atOnce,
          start: (key) => {
            startedAtMs.set(key, clock.now());
            running += 1;
            most = Math.max(most, running);
            const takesMs = arrivals[key]?.takesMs ?? 0;
            // One that takes 10 s or longer makes way.
            clock.after(Math.min(takesMs, 9_999), () => {
              running -= 1;
            });
            clock.after(takesMs, () => turns.done(key));
            return true;
          },
        });
        const dueMs: number[] = [];
        const cameMs: number[] = [];
        for (const [key, { afterMs, patienceMs }] of arrivals.entries()) {
          clock.advanceNow(afterMs);
          cameMs.push(clock.now());
          dueMs.push(clock.now() + patienceMs);
          turns.wait(key, patienceMs);
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
