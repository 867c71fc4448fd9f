/** Source of time. Tests replace it with `createFakeClock`. */
export interface Clock {
  /** Milliseconds since 1970. Never used to order signals. */
  now(): number;
  /** Calls `run` once after a delay in milliseconds. Returns a function that cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

const after: Clock["after"] = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

/** Time of day, for browsers: monotonic time stands still in some of them while the computer sleeps. */
export const systemClock: Clock = { now: () => Date.now(), after };

/**
 * Monotonic time, for servers. With the time of day, a system clock that is set back one hour would make the relay wait
 * one hour longer.
 */
export const monotonicClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after,
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
        forget();
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
