export interface LockListener {
  granted(): void;
  /** The lock was stolen by another tab, or could not be requested. */
  lost(): void;
}

export interface LockOptions {
  /** Takes the lock from its holder at once instead of waiting for it. */
  readonly steal?: boolean;
}

/**
 * Requests a lock and holds it until the returned function is called. The browser releases it when the page closes or
 * crashes, so a held lock proves that its page exists.
 */
export function requestLock(
  locks: Pick<LockManager, "request">,
  name: string,
  listener: LockListener,
  { steal = false }: LockOptions = {},
): () => void {
  const waiting = new AbortController();
  let isOver = false;
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  locks
    // Browsers reject `steal` together with `signal`.
    .request(name, steal ? { steal } : { signal: waiting.signal }, () => {
      if (isOver) return undefined;
      listener.granted();
      return isReleased;
    })
    .catch(() => {
      if (!isOver) listener.lost();
    });
  return () => {
    isOver = true;
    waiting.abort();
    release();
  };
}
