/**
 * Full jitter: any moment up to a limit that doubles with each attempt. Processes that failed together
 * then do not come back together.
 *
 * @param attempt 1 and up.
 */
export function backOffMs(
  attempt: number,
  random: () => number,
  { firstMs, longestMs } = { firstMs: 200, longestMs: 10_000 },
): number {
  return Math.ceil(random() * Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 30)));
}
