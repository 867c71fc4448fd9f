import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fetchJson, requestDeadlineMs } from "./fetch-json.ts";

/** A fetch that never responds, with the arguments it received. */
function hang() {
  const signals: AbortSignal[] = [];
  vi.stubGlobal("fetch", (_path: string, { signal }: { signal: AbortSignal }) => {
    signals.push(signal);
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason ?? new Error("aborted"))),
    );
  });
  return signals;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { documentElement: { dataset: { viewer: "u1" } } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("U6 a request that is not answered within its deadline fails as unavailable and is cancelled", async () => {
  const signals = hang();
  const answer = expect(fetchJson("/api/comments")).rejects.toMatchObject({ code: "unavailable" });
  await vi.advanceTimersByTimeAsync(requestDeadlineMs - 1);
  expect(signals[0]?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await answer;
  expect(signals[0]?.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("a request is cancelled with the reason of its caller's signal, before and while it runs", async () => {
  const signals = hang();
  const caller = new AbortController();
  const running = expect(fetchJson("/api/comments", caller.signal)).rejects.toThrow("left");
  caller.abort(new Error("left"));
  await running;
  expect(signals[0]?.aborted).toBe(true);
  await expect(fetchJson("/api/comments", caller.signal)).rejects.toThrow("left");
  expect(signals).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});
