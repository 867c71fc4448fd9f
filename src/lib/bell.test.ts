import { expect, test, vi } from "vitest";
import { createBell } from "./bell.ts";

const never = () => new AbortController().signal;

test("a ring resolves a pending wait", async () => {
  const bell = createBell();
  const waiting = bell.wait(60_000, never());
  bell.ring();
  await expect(waiting).resolves.toBeUndefined();
});

test("a ring before the wait resolves the next wait", async () => {
  const bell = createBell();
  bell.ring();
  await expect(bell.wait(60_000, never())).resolves.toBeUndefined();
});

test("a wait ends after its timeout, and at once when aborted", async () => {
  vi.useFakeTimers();
  try {
    const bell = createBell();
    const timed = bell.wait(1_000, never());
    await vi.advanceTimersByTimeAsync(1_000);
    await timed;

    const stop = new AbortController();
    const aborted = bell.wait(60_000, stop.signal);
    stop.abort();
    await aborted;
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
