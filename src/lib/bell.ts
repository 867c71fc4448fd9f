/** Wakes whoever waits, at once, instead of at the next poll. Ringing with nobody there is remembered once. */
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
