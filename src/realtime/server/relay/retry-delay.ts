import { fullJitterMs } from "../../protocol/back-off.ts";

/**
 * Back-off of the relay and of a drain.
 *
 * @param attempt starts at 1.
 */
export function retryDelayMs(attempt: number, random: () => number): number {
  return Math.ceil(fullJitterMs(random, attempt - 1, { firstMs: 200, lastMs: 10_000 }));
}
