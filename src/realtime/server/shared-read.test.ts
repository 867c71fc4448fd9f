import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFakeClock } from "../testing/fakes/fake-clock.ts";
import { createSharedRead, type SharedReadKey } from "./shared-read.ts";

const windowMs = 100;
const key: SharedReadKey = { resource: "comments of a page", scope: "public" };

/** A shared read whose reads take a given time and record when they ran. */
function setUp() {
  const clock = createFakeClock();
  const shared = createSharedRead<Run>({ windowMs, clock });
  const runs: Run[] = [];
  let step = 0;
  /** Requests `name`, with a read that takes `tookMs`. */
  const ask = (name: SharedReadKey, tookMs = 10) => {
    step += 1;
    const arrivedAt = step;
    const answer = shared(name, async () => {
      step += 1;
      const run: Run = { key: name, startedAt: step, startedMs: clock.now(), endedMs: undefined };
      runs.push(run);
      await new Promise<void>((resolve) => clock.after(tookMs, resolve));
      run.endedMs = clock.now();
      return run;
    });
    return { key: name, arrivedAt, answer };
  };
  return { clock, shared, runs, ask };
}

interface Run {
  readonly key: SharedReadKey;
  /** Position in the order of all events, since several may happen at the same time. */
  readonly startedAt: number;
  readonly startedMs: number;
  endedMs: number | undefined;
}

test("M3 a thousand concurrent requests share one read", async () => {
  const { clock, runs, ask } = setUp();
  const asked = Array.from({ length: 1_000 }, () => ask(key));
  await clock.advance(windowMs);
  const answers = await Promise.all(asked.map(({ answer }) => answer));
  expect(runs).toHaveLength(1);
  expect(new Set(answers).size).toBe(1);
});

test("M1 a request that arrives during a read shares the next one", async () => {
  const { clock, runs, ask } = setUp();
  const first = ask(key);
  await clock.advance(1);
  expect(runs).toHaveLength(1);
  const late = [ask(key), ask(key)];
  await clock.advance(3 * windowMs);
  expect(await first.answer).toBe(runs[0]);
  expect(await late[0]?.answer).toBe(runs[1]);
  expect(await late[1]?.answer).toBe(runs[1]);
  expect(runs).toHaveLength(2);
});

test("a single request does not wait for the window", async () => {
  const { clock, ask } = setUp();
  const { answer } = ask(key, 0);
  await clock.advance(0);
  expect((await answer).endedMs).toBe(clock.now());
});

test("a failed read rejects the requests that share it, and no later ones", async () => {
  const { clock, shared, ask } = setUp();
  const failing = () => Promise.reject(new Error("the database is away"));
  const failed = [shared(key, failing), shared(key, failing)].map((answer) =>
    expect(answer).rejects.toThrow("the database is away"),
  );
  await clock.advance(1);
  await Promise.all(failed);
  const next = ask(key);
  await clock.advance(2 * windowMs);
  await expect(next.answer).resolves.toMatchObject({ key });
});

test("a read that throws synchronously rejects", async () => {
  const { clock, shared } = setUp();
  const answer = shared(key, () => {
    throw new Error("no connection");
  });
  const failed = expect(answer).rejects.toThrow("no connection");
  await clock.advance(windowMs);
  await failed;
  expect(clock.pending()).toBe(0);
});

const name = fc.constantFrom("a", "b", 'a","b', "");
const keys: fc.Arbitrary<SharedReadKey> = fc.record({ resource: name, scope: name });
const arrivals = fc.array(
  fc.record({
    key: keys,
    waitMs: fc.integer({ min: 0, max: 150 }),
    tookMs: fc.integer({ min: 0, max: 250 }),
  }),
  { minLength: 1, maxLength: 40 },
);
const isSame = (one: SharedReadKey, other: SharedReadKey) =>
  one.resource === other.resource && one.scope === other.scope;

/** Sends all requests and waits until every read has ended. */
async function play(crowd: readonly { key: SharedReadKey; waitMs: number; tookMs: number }[]) {
  const { clock, runs, ask } = setUp();
  const asked = [];
  for (const { key: wanted, waitMs, tookMs } of crowd) {
    await clock.advance(waitMs);
    asked.push(ask(wanted, tookMs));
  }
  await clock.advance(crowd.length * 1_000);
  const answered = await Promise.all(
    asked.map(async ({ answer, ...request }) => ({ ...request, run: await answer })),
  );
  return { answered, runs, clock };
}

describe("for any requests, times and durations", () => {
  test("M1 each request receives a read that began after it", () =>
    fc.assert(
      fc.asyncProperty(arrivals, async (crowd) => {
        const { answered } = await play(crowd);
        for (const { arrivedAt, run } of answered) expect(run.startedAt).toBeGreaterThan(arrivedAt);
      }),
    ));

  test("M2 each request receives a read of its own scope and resource", () =>
    fc.assert(
      fc.asyncProperty(arrivals, async (crowd) => {
        const { answered } = await play(crowd);
        for (const { key: wanted, run } of answered) expect(run.key).toEqual(wanted);
      }),
    ));

  test("M3 reads of one key do not overlap, begin a window apart, and none runs without a request", () =>
    fc.assert(
      fc.asyncProperty(arrivals, async (crowd) => {
        const { answered, runs, clock } = await play(crowd);
        for (const [index, run] of runs.entries()) {
          const next = runs.slice(index + 1).find((other) => isSame(other.key, run.key));
          if (next === undefined) continue;
          expect(next.startedMs - run.startedMs).toBeGreaterThanOrEqual(windowMs);
          expect(next.startedMs).toBeGreaterThanOrEqual(run.endedMs ?? Number.POSITIVE_INFINITY);
        }
        expect(new Set(answered.map(({ run }) => run))).toEqual(new Set(runs));
        expect(clock.pending()).toBe(0);
      }),
    ));
});
