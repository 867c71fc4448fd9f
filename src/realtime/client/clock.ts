/** Time comes in through this door, so that tests move it by hand. */
export interface Clock {
  /** Milliseconds since 1970. Shown to people and compared; never used to order signals. */
  now(): number;
  /** Runs once after a delay in milliseconds; hands back what cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const id = setTimeout(run, delayMs);
    return () => clearTimeout(id);
  },
};

/** A clock whose timers can be cancelled together: whoever opens a session closes all it has planned. */
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
