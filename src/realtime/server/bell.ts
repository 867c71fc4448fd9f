import type { Clock } from "./ports.ts";

/** Something to wait for that may ring at any time, also before anyone waits. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or at once if it rang since the last wait; else after `limitMs`. */
  wait(limitMs: number): Promise<"rang" | "silent">;
}

export function createBell(clock: Clock): Bell {
  let rang = false;
  let wakeUp: (() => void) | undefined;
  return {
    ring: () => {
      rang = true;
      wakeUp?.();
    },
    wait: (limitMs) =>
      new Promise((resolve) => {
        const finish = () => {
          cancel();
          wakeUp = undefined;
          resolve(rang ? "rang" : "silent");
          rang = false;
        };
        const cancel = rang ? () => {} : clock.after(limitMs, finish);
        if (rang) finish();
        else wakeUp = finish;
      }),
  };
}
