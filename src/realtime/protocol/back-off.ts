/**
 * Back-off with full jitter: a random time between 0 and a window that doubles with every attempt. Clients
 * that lost their broker at the same time reconnect at different times.
 *
 * @param attempt starts at 0.
 */
export function fullJitterMs(
  random: () => number,
  attempt: number,
  window: { readonly firstMs: number; readonly lastMs: number },
  /** Lower bound of the window. The server sets it by the number of clients. */
  spreadMs = 0,
): number {
  return jitterMs(random, Math.min(window.lastMs, window.firstMs * 2 ** attempt), spreadMs);
}

/** A random time in a window of `windowMs`, or of `spreadMs` if that is longer. */
export function jitterMs(random: () => number, windowMs: number, spreadMs: number): number {
  return random() * Math.max(spreadMs, windowMs);
}
