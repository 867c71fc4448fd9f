import type { Clock } from "../client/clock.ts";

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Runs what is due within the time, in order, letting promises settle in between. */
  advance(ms: number): Promise<void>;
  /** The same for code without promises. */
  advanceNow(ms: number): void;
  /** Time goes by and nothing runs, as while a computer sleeps: what was due is late. */
  sleep(ms: number): void;
  /** Timers not yet run or cancelled; a closed client leaves none. */
  pending(): number;
  /** How long nothing happens from now on: until the next timer is due; Infinity without one. */
  idleMs(): number;
}

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

/** Lets every promise that can settle without time or network do so. */
export async function settlePromises(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
