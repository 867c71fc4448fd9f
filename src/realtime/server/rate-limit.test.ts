import { expect, test } from "vitest";
import { backOffMs } from "./back-off.ts";
import { createTokenBucket } from "./rate-limit.ts";

test("a session may burst, is then told how long to wait, and may go on after that", () => {
  let now = 0;
  const limit = createTokenBucket({ burst: 3, perSecond: 2, now: () => now });
  expect([1, 2, 3].map(() => limit.take("a"))).toEqual([0, 0, 0]);
  expect(limit.take("a")).toBe(500);
  now += 250;
  expect(limit.take("a")).toBe(250);
  now += 250;
  expect(limit.take("a")).toBe(0);
});

test("one session's flood is not another's", () => {
  const limit = createTokenBucket({ burst: 1, now: () => 0 });
  expect([limit.take("a"), limit.take("b")]).toEqual([0, 0]);
  expect(limit.take("a")).toBeGreaterThan(0);
});

test("a clock that jumps back gives nothing and takes nothing", () => {
  let now = 3_600_000;
  const limit = createTokenBucket({ burst: 2, perSecond: 1, now: () => now });
  limit.take("a");
  now = 0;
  expect(limit.take("a")).toBe(0);
  expect(limit.take("a")).toBe(1000);
});

test("sessions without number cost a bounded memory: the longest silent one is forgotten", () => {
  const limit = createTokenBucket({ burst: 1, sessions: 2, now: () => 0 });
  for (const session of ["a", "b", "c"]) limit.take(session);
  expect(limit.take("c")).toBeGreaterThan(0);
  expect(limit.take("a")).toBe(0);
});

test("back-off grows to its limit and is any moment up to it", () => {
  const longest = [1, 2, 3, 6, 7, 1000].map((attempt) => backOffMs(attempt, () => 1));
  expect(longest).toEqual([200, 400, 800, 6400, 10_000, 10_000]);
  expect(backOffMs(5, () => 0)).toBe(0);
});
