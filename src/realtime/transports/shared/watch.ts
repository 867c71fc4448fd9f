import type { Timers } from "../../client/clock.ts";

/** How long a leader is left in peace after it was heard. */
const peaceMs = 4_000;
/** How long it may take to answer: longer than what keeps a busy page busy. */
const answerMs = 4_000;
/** A timer this late says that this page slept, and nothing about the leader. */
const lateMs = 1_000;

export interface WatchOptions {
  readonly timers: Timers;
  /** Asks the leader for a sign of life. */
  ask(): void;
  onSilence(): void;
}

/** Finds a leader that froze: it holds its lock, and does nothing. */
export interface Watch {
  askNow(): void;
  heard(): void;
  stop(): void;
}

export function createWatch({ timers, ask, onSilence }: WatchOptions): Watch {
  let cancel = () => {};
  const askNow = () => {
    cancel();
    const dueMs = timers.now() + answerMs;
    cancel = timers.after(answerMs, () => {
      if (timers.now() - dueMs > lateMs) askNow();
      else onSilence();
    });
    ask();
  };
  return {
    askNow,
    heard: () => {
      cancel();
      cancel = timers.after(peaceMs, askNow);
    },
    stop: () => cancel(),
  };
}
