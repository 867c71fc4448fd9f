import fc from "fast-check";
import { expect, test } from "vitest";
import { setUp, setUpMany } from "../../../../tests/support/rigs/scheduler-rig.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createScheduler } from "./scheduler.ts";

test("a burst of ten signals costs one fetch", () => {
  const { clock, scheduler, starts } = setUp();
  for (let index = 0; index < 10; index += 1) scheduler.mark("q");
  clock.advanceNow(1_000);
  expect(starts).toEqual([20]);
});

test("a burst that lasts longer than the first fetch costs one more", () => {
  const { clock, scheduler, starts } = setUp();
  for (let index = 0; index < 10; index += 1) {
    scheduler.mark("q");
    clock.advanceNow(10);
  }
  clock.advanceNow(1_000);
  expect(starts).toEqual([20, 120]);
});

test("K2 a signal during the first fetch is followed by a second fetch", () => {
  const { clock, scheduler, starts, begin } = setUp();
  begin();
  clock.advanceNow(50);
  scheduler.mark("q");
  expect(scheduler.isMarked("q")).toBe(true);
  clock.advanceNow(1_000);
  expect(starts).toEqual([0, 100]);
  expect(scheduler.isMarked("q")).toBe(false);
});

test("25 signals a second against a 100 ms query keep updating, and nothing is aborted", () => {
  const { clock, scheduler, starts, ends, mostAtOnce } = setUp();
  for (let signal = 0; signal < 50; signal += 1) {
    scheduler.mark("q");
    clock.advanceNow(40);
  }
  expect(ends.length).toBeGreaterThanOrEqual(19);
  clock.advanceNow(1_000);
  expect(starts).toHaveLength(ends.length);
  expect(starts.at(-1)).toBeGreaterThanOrEqual(49 * 40);
  expect(mostAtOnce()).toBe(1);
});

test("the last change is followed by a fetch that started after it", () => {
  const { clock, scheduler, starts } = setUp();
  scheduler.mark("q");
  clock.advanceNow(119);
  scheduler.mark("q");
  clock.advanceNow(1_000);
  expect(starts).toEqual([20, 120]);
});

test("fetches of a fast query start at least 100 ms apart", () => {
  const { clock, scheduler, starts } = setUp(() => 1);
  for (let signal = 0; signal < 100; signal += 1) {
    scheduler.mark("q");
    clock.advanceNow(10);
  }
  expect(starts.slice(0, 4)).toEqual([20, 120, 220, 320]);
});

test("a fetch by the application covers the signals before it", () => {
  const { clock, scheduler, starts, begin } = setUp();
  scheduler.mark("q");
  begin();
  clock.advanceNow(1_000);
  expect(starts).toEqual([0]);
});

test("a fetch of one more page covers no signal", () => {
  const { clock, scheduler, starts, begin } = setUp();
  scheduler.mark("q");
  begin(false);
  clock.advanceNow(1_000);
  expect(starts).toEqual([0, 100]);
});

test("a cancelled fetch covers no signal", () => {
  const { clock, scheduler, starts, begin, end } = setUp();
  scheduler.mark("q");
  const cancel = begin();
  clock.advanceNow(50);
  cancel();
  end("cancelled");
  clock.advanceNow(1_000);
  expect(starts).toEqual([0, 100]);
});

test("a failed fetch is retried with growing back-off until one succeeds", () => {
  let failures = 7;
  const { clock, scheduler, starts } = setUp(
    () => 0,
    () => {
      failures -= 1;
      return failures >= 0 ? "error" : "success";
    },
  );
  scheduler.mark("q");
  clock.advanceNow(120_000);
  expect(starts.map((start, index) => start - (starts[index - 1] ?? 0))).toEqual([
    20, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
  ]);
  expect(scheduler.isMarked("q")).toBe(false);
});

test("signals do not shorten the back-off of a query that fails", () => {
  const { clock, scheduler, starts } = setUp(
    () => 10,
    () => "error",
  );
  for (let signal = 0; signal < 1_000; signal += 1) {
    scheduler.mark("q");
    clock.advanceNow(100);
  }
  expect(starts.length).toBeLessThan(12);
});

test("an unmounted query stays marked and is fetched when it is mounted", () => {
  const { clock, scheduler, starts, setWanted } = setUp();
  setWanted(false);
  scheduler.mark("q");
  clock.advanceNow(5_000);
  expect(starts).toEqual([]);
  setWanted(true);
  clock.advanceNow(1_000);
  expect(starts).toEqual([5_000]);
});

test("Q1 Q2 of many stale queries six are fetched at a time, the urgent first", () => {
  const keys = Array.from({ length: 20 }, (_, index) => `q${index}`);
  const { clock, scheduler, started, mostAtOnce } = setUpMany({
    q18: "high",
    q19: "high",
    q6: "low",
  });
  for (const key of keys) scheduler.mark(key);
  clock.advanceNow(5_000);
  expect(mostAtOnce()).toBe(6);
  expect(started).toHaveLength(20);
  // The first six started before the others were marked.
  expect(started.slice(6, 8).map(([key]) => key)).toEqual(["q18", "q19"]);
  expect(started.at(-1)?.[0]).toBe("q6");
});

test("Q5 a mark with a spread is fetched at a random time in its window, or at once with a mark without a spread", () => {
  const at = (random: number) => {
    const { clock, scheduler, started } = setUpMany({}, () => random);
    scheduler.mark("q", { spreadMs: 10_000 });
    clock.advanceNow(20_000);
    return started[0]?.[1];
  };
  expect([at(0), at(0.25), at(0.9)]).toEqual([20, 2_500, 9_000]);

  const { clock, scheduler, started } = setUpMany();
  scheduler.mark("q", { spreadMs: 10_000 });
  clock.advanceNow(1_000);
  scheduler.mark("q");
  clock.advanceNow(100);
  expect(started).toEqual([["q", 1_000]]);
  clock.advanceNow(20_000);
  expect(started).toHaveLength(1);
});

test("Q5 a window begins with its mark, also while a fetch is running", () => {
  const { clock, scheduler, started } = setUpMany();
  scheduler.mark("q");
  clock.advanceNow(60);
  scheduler.mark("q", { spreadMs: 10_000 });
  clock.advanceNow(20_000);
  expect(started).toEqual([
    ["q", 20],
    ["q", 5_060],
  ]);
});

test("O1 a mark is covered by a successful fetch that began after its position, and not by a failed one", () => {
  const { clock, scheduler, starts, begin } = setUp();
  const before = scheduler.fetchOrder();
  begin();
  expect(scheduler.hasRead("q", before)).toBe(false);
  scheduler.mark("q", { since: before });
  clock.advanceNow(1_000);
  expect(scheduler.hasRead("q", before)).toBe(true);
  expect(starts).toEqual([0]);

  const withOthers = setUp();
  const then = withOthers.scheduler.fetchOrder();
  withOthers.begin();
  withOthers.scheduler.mark("q", { since: then });
  withOthers.scheduler.mark("q"); // of another writer, during the fetch
  withOthers.clock.advanceNow(1_000);
  expect(withOthers.starts).toEqual([0, 100]);

  const failing = setUp();
  const since = failing.scheduler.fetchOrder();
  const stop = failing.begin();
  failing.scheduler.mark("q", { since });
  stop();
  failing.end("error");
  failing.clock.advanceNow(1_000);
  expect(failing.starts).toHaveLength(2);
});

test("a computer clock that is set back an hour delays no fetch", () => {
  const clock = createFakeClock(0);
  let skewMs = 0;
  let fetches = 0;
  const scheduler = createScheduler<string>({
    clock: { now: () => clock.now() + skewMs, after: clock.after },
    random: () => 0.5,
    isFetching: () => false,
    isWanted: () => true,
    postpone: () => {},
    fetch: () => {
      fetches += 1;
      scheduler.started("q", true);
      scheduler.settled("q", "success");
    },
  });
  scheduler.mark("q");
  clock.advanceNow(100);
  skewMs = -3_600_000;
  scheduler.mark("q");
  clock.advanceNow(100);
  expect(fetches).toBe(2);
});

test("closing leaves no timer", () => {
  const { clock, scheduler } = setUp();
  scheduler.mark("q");
  scheduler.close();
  expect(clock.pending()).toBe(0);
});

test("K2 K3 in any order of signals, fetches and failures the last signal is followed by a fetch, one at a time", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("mark" as const) }),
    fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ do: fc.constant("look" as const), isWanted: fc.boolean() }),
    fc.record({ do: fc.constant("begin" as const), isWhole: fc.boolean() }),
  );
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 500 })),
      fc.infiniteStream(fc.constantFrom("success" as const, "success" as const, "error" as const)),
      (steps, durations, outcomes) => {
        const run = setUp(
          () => durations.next().value ?? 0,
          () => outcomes.next().value ?? "success",
        );
        let lastMarkMs: number | undefined;
        let partialStarts = 0;
        for (const next of steps) {
          if (next.do === "mark") {
            run.scheduler.mark("q");
            lastMarkMs = run.clock.now();
          } else if (next.do === "wait") run.clock.advanceNow(next.ms);
          else if (next.do === "look") run.setWanted(next.isWanted);
          // TanStack does not start a second fetch beside a running one.
          else if (run.starts.length === run.ends.length) {
            if (!next.isWhole) partialStarts += 1;
            run.begin(next.isWhole);
          }
        }
        run.setWanted(true);
        run.clock.advanceNow(10 * 60_000);
        expect(run.mostAtOnce()).toBeLessThanOrEqual(1);
        expect(run.scheduler.isMarked("q")).toBe(false);
        if (lastMarkMs !== undefined && partialStarts === 0) {
          expect(run.starts.at(-1)).toBeGreaterThanOrEqual(lastMarkMs);
        }
      },
    ),
    { numRuns: 500 },
  );
});
