import type { Clock } from "@/realtime/client/clock.ts";

/** Real time, this many times as fast, for waits of minutes beside parts that keep their own time. */
export function createFastClock(times: number): Clock {
  const startMs = Date.now();
  return {
    now: () => startMs + (Date.now() - startMs) * times,
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs / times);
      return () => clearTimeout(timer);
    },
  };
}
