import { expect, test, vi } from "vitest";
import { createWakeSignal } from "./wake-signal.ts";

const never = () => new AbortController().signal;

test("a notification resolves a pending wait", async () => {
  const wakeSignal = createWakeSignal();
  const waiting = wakeSignal.wait(60_000, never());
  wakeSignal.notify();
  await expect(waiting).resolves.toBeUndefined();
});

test("a notification before the wait resolves the next wait", async () => {
  const wakeSignal = createWakeSignal();
  wakeSignal.notify();
  await expect(wakeSignal.wait(60_000, never())).resolves.toBeUndefined();
});

test("a wait ends after its timeout, and at once when aborted", async () => {
  vi.useFakeTimers();
  try {
    const wakeSignal = createWakeSignal();
    const timed = wakeSignal.wait(1_000, never());
    await vi.advanceTimersByTimeAsync(1_000);
    await timed;

    const stop = new AbortController();
    const aborted = wakeSignal.wait(60_000, stop.signal);
    stop.abort();
    await aborted;
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
