export interface LockListener {
  granted(): void;
  /** The lock was taken away, or could not even be asked for. */
  lost(): void;
}

export interface LockOptions {
  /** Takes the lock from whoever holds it, now, instead of waiting for it. */
  readonly steal?: boolean;
}

/**
 * Asks for a lock and keeps it until the returned function is called; the browser itself releases it
 * when the page closes or crashes. That is what makes a lock a sign of life no message can be.
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
    // The browser refuses the two options together.
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
