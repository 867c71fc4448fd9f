import type { Clock } from "../../protocol/clock.ts";

/** Ends a wait early. A notification that arrives while nothing waits is kept for the next wait. */
export interface WakeSignal {
  notify(): void;
  /** Resolves on the next notification, at once if one came since the last wait, and after `limitMs` at the latest. */
  wait(limitMs: number): Promise<void>;
}

export function createWakeSignal(clock: Clock): WakeSignal {
  let notified = false;
  let wakeUp: (() => void) | undefined;
  return {
    notify: () => {
      notified = true;
      wakeUp?.();
    },
    wait: (limitMs) =>
      new Promise((resolve) => {
        const finish = () => {
          cancel();
          wakeUp = undefined;
          notified = false;
          resolve();
        };
        const cancel = notified ? () => {} : clock.after(limitMs, finish);
        if (notified) finish();
        else wakeUp = finish;
      }),
  };
}
