import { afterEach, expect, test, vi } from "vitest";
import { monotonicClock } from "../protocol/clock.ts";
import { within } from "./within.ts";

afterEach(() => vi.useRealTimers());

test("setting the system clock back or forward by an hour does not change the relay's time", () => {
  const before = monotonicClock.now();
  for (const hours of [-1, 1]) {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * 3_600_000 });
    expect(Math.abs(monotonicClock.now() - before)).toBeLessThan(60_000);
    expect(monotonicClock.now()).toBeGreaterThanOrEqual(before);
    vi.useRealTimers();
  }
});

test("work that exceeds its limit rejects with its name, and the timer ends with the work", async () => {
  vi.useFakeTimers();
  const late = within(monotonicClock, 50, "The database", new Promise(() => {}));
  const refused = expect(late).rejects.toThrow("The database did not answer in 50 ms.");
  await vi.advanceTimersByTimeAsync(50);
  await refused;
  expect(await within(monotonicClock, 50, "The database", Promise.resolve(1))).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
