/** Ends the wait of a loop before its next poll. Without a waiter, one notification is kept for the next wait. */
export interface WakeSignal {
  notify(): void;
  /** Resolves at the next notification, after `timeoutMs`, or when `signal` aborts; whichever is first. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

export function createWakeSignal(): WakeSignal {
  let notified = false;
  let wake: (() => void) | undefined;
  return {
    notify() {
      notified = true;
      wake?.();
    },
    wait: (timeoutMs, signal) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          wake = undefined;
          notified = false;
          resolve();
        };
        const timer = setTimeout(done, notified || signal.aborted ? 0 : timeoutMs);
        signal.addEventListener("abort", done);
        wake = done;
      }),
  };
}
