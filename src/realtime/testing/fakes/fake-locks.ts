interface LockRequest {
  readonly owner: object;
  start(): void;
  reject(): void;
}

interface Lock {
  holder: LockRequest | undefined;
  queue: LockRequest[];
}

/** Web Locks that the tabs of a fake browser share. */
export interface FakeLocks {
  /** The locks as one tab sees them. Its callbacks and answers pass through `run`. */
  of(owner: object, run: (task: () => void) => void): Pick<LockManager, "request">;
  /** Releases the locks and requests of a tab. */
  release(owner: object): void;
  /** Number of locks that are held or requested. */
  count(): number;
}

export function createFakeLocks(): FakeLocks {
  const locks = new Map<string, Lock>();

  const pump = (lock: Lock) => {
    if (lock.holder !== undefined) return;
    lock.holder = lock.queue.shift();
    lock.holder?.start();
  };

  return {
    of: (owner, run) => {
      const request = (name: string, ...rest: readonly unknown[]): Promise<unknown> =>
        new Promise((resolve, reject) => {
          const callback = rest.at(-1) as (lock: { name: string }) => unknown;
          const { steal, signal } = (rest.length > 1 ? rest[0] : {}) as LockOptions;
          const lock = locks.get(name) ?? { holder: undefined, queue: [] };
          locks.set(name, lock);
          const entry: LockRequest = {
            owner,
            reject: () => run(() => reject(new DOMException("Taken.", "AbortError"))),
            start: () =>
              queueMicrotask(() =>
                run(() => {
                  const release = () => {
                    if (lock.holder !== entry) return;
                    lock.holder = undefined;
                    pump(lock);
                  };
                  const settled = (async () => callback({ name }))();
                  settled.then(resolve, reject);
                  settled.then(release, release);
                }),
              ),
          };
          signal?.addEventListener("abort", () => {
            if (!lock.queue.includes(entry)) return;
            lock.queue.splice(lock.queue.indexOf(entry), 1);
            entry.reject();
          });
          if (steal) {
            lock.holder?.reject();
            lock.holder = undefined;
            lock.queue.unshift(entry);
          } else lock.queue.push(entry);
          pump(lock);
        });
      return { request } as Pick<LockManager, "request">;
    },
    release: (owner) => {
      for (const lock of locks.values()) {
        lock.queue = lock.queue.filter((entry) => entry.owner !== owner);
        if (lock.holder?.owner === owner) lock.holder = undefined;
        pump(lock);
      }
    },
    count: () =>
      [...locks.values()].reduce(
        (sum, { holder, queue }) => sum + queue.length + (holder ? 1 : 0),
        0,
      ),
  };
}
