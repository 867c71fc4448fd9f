import { afterEach, expect, test, vi } from "vitest";
import { systemClock, within } from "./clock.ts";

afterEach(() => vi.useRealTimers());

test("setting the system clock back or forward by an hour does not change the relay's time", () => {
  const before = systemClock.now();
  for (const hours of [-1, 1]) {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * 3_600_000 });
    expect(Math.abs(systemClock.now() - before)).toBeLessThan(60_000);
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
    vi.useRealTimers();
  }
});

test("work that exceeds its limit rejects with its name, and the timer ends with the work", async () => {
  vi.useFakeTimers();
  const late = within(systemClock, 50, "The database", new Promise(() => {}));
  const refused = expect(late).rejects.toThrow("The database did not answer in 50 ms.");
  await vi.advanceTimersByTimeAsync(50);
  await refused;
  expect(await within(systemClock, 50, "The database", Promise.resolve(1))).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
