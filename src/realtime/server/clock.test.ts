import { afterEach, expect, test, vi } from "vitest";
import { systemClock, within } from "./clock.ts";

afterEach(() => vi.useRealTimers());

test("a computer clock set back, or forward, an hour moves no time of a relay", () => {
  const before = systemClock.now();
  for (const hours of [-1, 1]) {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * 3_600_000 });
    expect(Math.abs(systemClock.now() - before)).toBeLessThan(60_000);
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
    vi.useRealTimers();
  }
});

test("what does not answer in time is refused by name, and its timer is gone when it does answer", async () => {
  vi.useFakeTimers();
  const late = within(systemClock, 50, "The database", new Promise(() => {}));
  const refused = expect(late).rejects.toThrow("The database did not answer in 50 ms.");
  await vi.advanceTimersByTimeAsync(50);
  await refused;
  expect(await within(systemClock, 50, "The database", Promise.resolve(1))).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
