import type { Timers } from "../../protocol/clock.ts";

/** Time after which a fetch no longer counts towards the limit. It is not cancelled. */
const hangMs = 10_000;

/** A queue of fetches with a limit on how many run at the same time. */
export interface FetchQueue<Key> {
  /** Adds the key to the queue. `start` may be called before `wait` returns. */
  wait(key: Key, patienceMs: number): void;
  /** Removes the key from the queue. */
  giveUp(key: Key): void;
  /** The fetch of the key has ended. */
  done(key: Key): void;
  close(): void;
}

export interface FetchQueueOptions<Key> {
  readonly timers: Timers;
  readonly atOnce: number;
  /** @returns whether a fetch was started. If not, the next key is started. */
  start(key: Key): boolean;
}

/**
 * Starts the key with the earliest deadline first. The deadline is the time at which the key is added plus
 * its patience. An urgent key can overtake others until their deadlines, so that no key starves.
 */
export function createFetchQueue<Key>({
  timers,
  atOnce,
  start,
}: FetchQueueOptions<Key>): FetchQueue<Key> {
  const dueMs = new Map<Key, number>();
  const running = new Map<Key, () => void>();

  const first = () => {
    let found: [Key, number] | undefined;
    for (const one of dueMs) if (found === undefined || one[1] < found[1]) found = one;
    return found?.[0];
  };

  /** @returns whether the key was running */
  const leave = (key: Key) => {
    running.get(key)?.();
    return running.delete(key);
  };

  const done = (key: Key) => {
    if (leave(key)) next();
  };

  const next = () => {
    while (dueMs.size > 0 && running.size < atOnce) {
      const key = first() as Key; // the queue is not empty
      dueMs.delete(key);
      running.set(
        key,
        timers.after(hangMs, () => done(key)),
      );
      if (!start(key)) leave(key);
    }
  };

  return {
    wait: (key, patienceMs) => {
      dueMs.set(key, timers.now() + patienceMs);
      next();
    },
    giveUp: (key) => {
      dueMs.delete(key);
    },
    done,
    close: () => {
      dueMs.clear();
      running.clear();
    },
  };
}
