/**
 * Exponential back-off with full jitter: a random delay below a limit that doubles with each attempt, so that
 * processes which failed together do not retry together.
 *
 * @param attempt starts at 1.
 */
export function backOffMs(
  attempt: number,
  random: () => number,
  { firstMs, longestMs } = { firstMs: 200, longestMs: 10_000 },
): number {
  return Math.ceil(random() * Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 30)));
}
