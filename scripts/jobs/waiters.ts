import type { JobEvent } from "./protocol.ts";

/** Functions that wait for the next event of a name. */
export function createWaiters(stopped: AbortSignal) {
  const waiting = new Set<(event: JobEvent) => void>();
  return {
    hear(event: JobEvent): void {
      for (const hear of waiting) hear(event);
    },
    /** Null when the time is over, or the runner stops. */
    wait(name: string, timeoutMs: number): Promise<JobEvent | null> {
      return new Promise((resolve) => {
        const settle = (event: JobEvent | null) => {
          clearTimeout(timer);
          waiting.delete(hear);
          stopped.removeEventListener("abort", giveUp);
          resolve(event);
        };
        const hear = (event: JobEvent) => {
          if (event.name === name) settle(event);
        };
        const giveUp = () => settle(null);
        const timer = setTimeout(giveUp, timeoutMs);
        waiting.add(hear);
        stopped.addEventListener("abort", giveUp);
      });
    },
  };
}
