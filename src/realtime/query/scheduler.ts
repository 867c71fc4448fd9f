import type { Clock } from "../client/clock.ts";
import { createTimers } from "../client/clock.ts";
import { fullJitterMs } from "../client/jitter.ts";

/** How long the first signal waits for company: a burst becomes one fetch. */
const gatherMs = 20;
/** Least time between the starts of two fetches of one query. */
const spacingMs = 100;
const retry = { firstMs: 1_000, lastMs: 30_000 };

/** The fetches a scheduler decides about. `Key` is whatever names a query. */
export interface SchedulerOptions<Key> {
  readonly clock: Clock;
  readonly random: () => number;
  isFetching(key: Key): boolean;
  /** Whether a fetch is wanted now: somebody looks at the query, and nothing holds it. */
  isWanted(key: Key): boolean;
  /** A marked key is not wanted now; it stays marked until `wake`. */
  postpone(key: Key): void;
  /** Starts a fetch; its start and its end are reported back by `started` and `settled`. */
  fetch(key: Key): void;
}

/**
 * Decides when a query is fetched again: one fetch at a time, and one more for what arrived meanwhile.
 *
 * Its one promise: **every signal is followed by a fetch that started after it.** A mark counts as
 * satisfied only by such a fetch, and only when it succeeds; so nothing is lost in a first fetch, by a
 * cancelled one, or by data an optimistic update put there.
 */
export interface Scheduler<Key> {
  /** A signal said that the query's data may have changed. */
  mark(key: Key): void;
  isMarked(key: Key): boolean;
  /** A fetch began, ours or anybody's. `isWhole` is false when it reads only part, e.g. one more page. */
  started(key: Key, isWhole: boolean): void;
  /** The fetch under way ended. */
  settled(key: Key, outcome: "success" | "error" | "cancelled"): void;
  /** `isWanted` may have become true. */
  wake(key: Key): void;
  /** The same for all queries at once: the page is visible again. */
  wakeAll(): void;
  /** The query is gone. */
  forget(key: Key): void;
  /** Forgets everything and leaves no timer. */
  close(): void;
}

interface Entry {
  /** Marks so far. */
  marked: number;
  /** Marks answered by a fetch that started after them. */
  satisfied: number;
  /** What the fetch under way will have answered; `undefined` without one. */
  answers: number | undefined;
  markedAtMs: number;
  startedAtMs: number;
  failures: number;
  cancelRun: (() => void) | undefined;
}

export function createScheduler<Key>(options: SchedulerOptions<Key>): Scheduler<Key> {
  const { random } = options;
  const timers = createTimers(options.clock);
  const entries = new Map<Key, Entry>();

  const isDirty = (entry: Entry) => entry.marked > entry.satisfied;

  const waitMs = (entry: Entry) => {
    if (entry.failures > 0) return fullJitterMs(random, entry.failures - 1, retry);
    const nowMs = timers.now();
    const gathered = entry.markedAtMs + gatherMs - nowMs;
    const spaced = entry.startedAtMs + spacingMs - nowMs;
    // Never longer than the rule itself, should the clock of the computer be set back.
    return Math.max(0, Math.min(gathered, gatherMs), Math.min(spaced, spacingMs));
  };

  const plan = (key: Key, entry: Entry) => {
    if (entry.cancelRun !== undefined || !isDirty(entry) || entry.answers !== undefined) return;
    if (!options.isWanted(key)) return options.postpone(key);
    entry.cancelRun = timers.after(waitMs(entry), () => {
      entry.cancelRun = undefined;
      // Asked again: somebody else may have started a fetch, or nobody looks any more.
      if (!isDirty(entry) || entry.answers !== undefined) return;
      if (options.isWanted(key)) options.fetch(key);
      else options.postpone(key);
    });
  };

  return {
    mark: (key) => {
      let entry = entries.get(key);
      if (entry === undefined) {
        // A fetch that began before its query was ever marked answers nothing.
        const answers = options.isFetching(key) ? 0 : undefined;
        const never = Number.NEGATIVE_INFINITY;
        entry = {
          marked: 0,
          satisfied: 0,
          answers,
          markedAtMs: never,
          startedAtMs: never,
          failures: 0,
          cancelRun: undefined,
        };
        entries.set(key, entry);
      }
      if (!isDirty(entry)) entry.markedAtMs = timers.now();
      entry.marked += 1;
      plan(key, entry);
    },
    isMarked: (key) => {
      const entry = entries.get(key);
      return entry !== undefined && isDirty(entry);
    },
    started: (key, isWhole) => {
      const entry = entries.get(key);
      if (entry === undefined) return;
      entry.answers = isWhole ? entry.marked : entry.satisfied;
      entry.startedAtMs = timers.now();
    },
    settled: (key, outcome) => {
      const entry = entries.get(key);
      if (entry?.answers === undefined) return;
      if (outcome === "success") {
        entry.satisfied = entry.answers;
        entry.failures = 0;
      } else if (outcome === "error") {
        entry.failures += 1;
      }
      entry.answers = undefined;
      plan(key, entry);
    },
    wake: (key) => {
      const entry = entries.get(key);
      if (entry !== undefined) plan(key, entry);
    },
    wakeAll: () => {
      for (const [key, entry] of entries) plan(key, entry);
    },
    forget: (key) => {
      entries.get(key)?.cancelRun?.();
      entries.delete(key);
    },
    close: () => {
      timers.clear();
      entries.clear();
    },
  };
}
