import type { Timers } from "../client/clock.ts";

/** A fetch that hangs makes way for the next one; it still counts as the query's own fetch. */
const hangMs = 10_000;

/** Lets a few run at once and the others wait for their turn. */
export interface Turns<Key> {
  /** `start` is called when it is the key's turn, perhaps at once. */
  wait(key: Key, patienceMs: number): void;
  /** The key no longer waits. */
  giveUp(key: Key): void;
  /** What was started for the key has ended. */
  done(key: Key): void;
  close(): void;
}

export interface TurnsOptions<Key> {
  readonly timers: Timers;
  readonly atOnce: number;
  /** @returns whether anything was started; if not, it is the next one's turn. */
  start(key: Key): boolean;
}

/**
 * Who comes has a moment from which it is due: now, plus the patience it can have. The one that is due
 * first goes first. So the urgent overtakes, but nobody is overtaken by what comes after it was due, and
 * nobody starves.
 */
export function createTurns<Key>({ timers, atOnce, start }: TurnsOptions<Key>): Turns<Key> {
  const dueMs = new Map<Key, number>();
  const running = new Map<Key, () => void>();

  const first = () => {
    let found: [Key, number] | undefined;
    for (const one of dueMs) if (found === undefined || one[1] < found[1]) found = one;
    return found?.[0];
  };

  /** @returns whether it held a place */
  const leave = (key: Key) => {
    running.get(key)?.();
    return running.delete(key);
  };

  const done = (key: Key) => {
    if (leave(key)) next();
  };

  const next = () => {
    while (dueMs.size > 0 && running.size < atOnce) {
      const key = first() as Key; // there is one
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
