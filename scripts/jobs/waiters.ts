import type { JobEvent } from "./protocol.ts";

/** Resolves functions that wait for the next event with a given name. */
export function createWaiters(stopped: AbortSignal) {
  const waiting = new Set<(event: JobEvent) => void>();
  return {
    dispatch(event: JobEvent): void {
      for (const receive of waiting) receive(event);
    },
    /** Resolves null after the timeout or when the runner stops. */
    wait(name: string, timeoutMs: number): Promise<JobEvent | null> {
      return new Promise((resolve) => {
        const settle = (event: JobEvent | null) => {
          clearTimeout(timer);
          waiting.delete(receive);
          stopped.removeEventListener("abort", giveUp);
          resolve(event);
        };
        const receive = (event: JobEvent) => {
          if (event.name === name) settle(event);
        };
        const giveUp = () => settle(null);
        const timer = setTimeout(giveUp, timeoutMs);
        waiting.add(receive);
        stopped.addEventListener("abort", giveUp);
      });
    },
  };
}
