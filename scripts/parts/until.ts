import { setTimeout as pause } from "node:timers/promises";

export interface UntilOptions {
  readonly timeoutMs: number;
  /** Default 25. */
  readonly everyMs?: number;
}

/** Polls `condition`. Resolves true once it holds, false after the timeout. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs = 25 }: UntilOptions,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await pause(everyMs);
  }
  return true;
}
