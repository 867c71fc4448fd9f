import type { Clock } from "../../protocol/clock.ts";

/** A clock that only a test advances. */
export interface FakeClock extends Clock {
  /** Advances the time and runs the due timers in order. Promises settle before each timer. */
  advance(ms: number): Promise<void>;
  /** As `advance`, for code without promises. */
  advanceNow(ms: number): void;
  /** Advances the time without running timers, like a computer that sleeps. Due timers run late. */
  sleep(ms: number): void;
  /** Number of pending timers. A closed client leaves none. */
  pending(): number;
  /** Time until the next timer is due, in ms. Infinity without a timer. */
  idleMs(): number;
}

/** @param startMs ms since 1970. Default 1,700,000,000,000, in November 2023 */
export function createFakeClock(startMs = 1_700_000_000_000): FakeClock {
  let nowMs = startMs;
  let order = 0;
  const planned = new Map<number, { readonly dueMs: number; readonly run: () => void }>();

  const runNext = (untilMs: number): boolean => {
    const due = [...planned].filter(([, { dueMs }]) => dueMs <= untilMs);
    const first = due.sort(([a, x], [b, y]) => x.dueMs - y.dueMs || a - b)[0];
    if (first === undefined) return false;
    const [id, { dueMs, run }] = first;
    planned.delete(id);
    nowMs = Math.max(nowMs, dueMs);
    run();
    return true;
  };

  return {
    now: () => nowMs,
    after: (delayMs, run) => {
      order += 1;
      const id = order;
      planned.set(id, { dueMs: nowMs + Math.max(0, delayMs), run });
      return () => planned.delete(id);
    },
    advance: async (ms) => {
      const untilMs = nowMs + ms;
      await settlePromises();
      while (runNext(untilMs)) await settlePromises();
      nowMs = untilMs;
    },
    advanceNow: (ms) => {
      const untilMs = nowMs + ms;
      while (runNext(untilMs));
      nowMs = untilMs;
    },
    sleep: (ms) => {
      nowMs += ms;
    },
    pending: () => planned.size,
    idleMs: () => {
      let firstMs = Number.POSITIVE_INFINITY;
      for (const { dueMs } of planned.values()) firstMs = Math.min(firstMs, dueMs);
      return Math.max(0, firstMs - nowMs);
    },
  };
}

/** Resolves after all promises that need neither time nor network have settled. */
export async function settlePromises(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
