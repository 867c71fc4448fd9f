import type { Clock } from "@/realtime/protocol/clock.ts";

/** Real time, accelerated by a factor, for waits of minutes in tests with real parts. */
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
