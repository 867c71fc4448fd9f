/**
 * Full jitter: anywhere between 0 and a window that doubles with every attempt. A crowd that lost its
 * broker in one instant comes back spread over the window instead of in lockstep.
 */
export function fullJitterMs(
  random: () => number,
  attempt: number,
  window: { readonly firstMs: number; readonly lastMs: number },
  /** The window is never narrower: what the server asks for, by the size of the crowd. */
  spreadMs = 0,
): number {
  return random() * Math.max(spreadMs, Math.min(window.lastMs, window.firstMs * 2 ** attempt));
}
