import { expect, test } from "vitest";
import { createTokenBucket } from "./rate-limit.ts";

test("a session may burst, receives the time to wait, and may continue after it", () => {
  let now = 0;
  const limit = createTokenBucket({ burst: 3, perSecond: 2, now: () => now });
  expect([1, 2, 3].map(() => limit.take("a"))).toEqual([0, 0, 0]);
  expect(limit.take("a")).toBe(500);
  now += 250;
  expect(limit.take("a")).toBe(250);
  now += 250;
  expect(limit.take("a")).toBe(0);
});

test("one session's requests do not use another session's tokens", () => {
  const limit = createTokenBucket({ burst: 1, now: () => 0 });
  expect([limit.take("a"), limit.take("b")]).toEqual([0, 0]);
  expect(limit.take("a")).toBeGreaterThan(0);
});

test("a clock that is set back adds and removes no tokens", () => {
  let now = 3_600_000;
  const limit = createTokenBucket({ burst: 2, perSecond: 1, now: () => now });
  limit.take("a");
  now = 0;
  expect(limit.take("a")).toBe(0);
  expect(limit.take("a")).toBe(1000);
});

test("memory is bounded: the least recently used session is dropped", () => {
  const limit = createTokenBucket({ burst: 1, sessions: 2, now: () => 0 });
  for (const session of ["a", "b", "c"]) limit.take(session);
  expect(limit.take("c")).toBeGreaterThan(0);
  expect(limit.take("a")).toBe(0);
});
