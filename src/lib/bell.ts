/** A wake signal, so that a loop continues before its next poll. Without a waiter, one ring is remembered. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, after `timeoutMs`, or when `signal` aborts; whichever is first. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    wait: (timeoutMs, signal) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          wake = undefined;
          rung = false;
          resolve();
        };
        const timer = setTimeout(done, rung || signal.aborted ? 0 : timeoutMs);
        signal.addEventListener("abort", done);
        wake = done;
      }),
  };
}
