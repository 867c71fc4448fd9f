import type { Timers } from "../../protocol/clock.ts";

/** Interval between an answer of the leader and the next request. */
const intervalMs = 4_000;
/** Time limit for an answer. Longer than a busy page blocks its event loop. */
const answerMs = 4_000;
/** A timer that is this late means that this page was suspended, so the leader is asked again. */
const lateMs = 1_000;

export interface LeaderWatchdogOptions {
  readonly timers: Timers;
  /** Sends a heartbeat request to the leader. */
  ask(): void;
  /** Called when the leader does not answer in time. */
  onSilence(): void;
}

/** Detects a leader that hangs while it holds the lock. */
export interface LeaderWatchdog {
  askNow(): void;
  answered(): void;
  stop(): void;
}

export function createLeaderWatchdog({
  timers,
  ask,
  onSilence,
}: LeaderWatchdogOptions): LeaderWatchdog {
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
    answered: () => {
      cancel();
      cancel = timers.after(intervalMs, askNow);
    },
    stop: () => cancel(),
  };
}
