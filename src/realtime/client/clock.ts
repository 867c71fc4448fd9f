/** Source of time. Tests replace it with `createFakeClock`. */
export interface Clock {
  /** Milliseconds since 1970. Never used to order signals. */
  now(): number;
  /** Calls `run` once after a delay in milliseconds. Returns a function that cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const id = setTimeout(run, delayMs);
    return () => clearTimeout(id);
  },
};

/** A clock whose pending timers can be cancelled together. */
export interface Timers extends Clock {
  clear(): void;
}

export function createTimers(clock: Clock): Timers {
  const planned = new Set<() => void>();
  return {
    now: clock.now,
    after: (delayMs, run) => {
      const cancel = clock.after(delayMs, () => {
        planned.delete(forget);
        run();
      });
      const forget = () => {
        planned.delete(forget);
        cancel();
      };
      planned.add(forget);
      return forget;
    },
    clear: () => {
      for (const forget of [...planned]) forget();
    },
  };
}
