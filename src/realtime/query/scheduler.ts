import type { Clock } from "../client/clock.ts";
import { createTimers } from "../client/clock.ts";
import { fullJitterMs } from "../client/jitter.ts";
import { createTurns } from "./turns.ts";

/** How long the first signal waits for company: a burst becomes one fetch. */
const gatherMs = 20;
/** Least time between the starts of two fetches of one query. */
const spacingMs = 100;
const retry = { firstMs: 1_000, lastMs: 30_000 };
const fetchesAtOnce = 6;
/** How long a query lets more urgent ones pass that came after it. */
const patienceMs = { high: 0, normal: 1_000, low: 5_000 };

/** How urgent a query is where many are to be fetched. */
export type Priority = keyof typeof patienceMs;

/** A point in the order in which fetches start. */
export type Moment = number;

export interface MarkOptions {
  /** What changed is shown by every whole fetch that began after this moment. Default: now. */
  readonly since?: Moment;
  /** The fetch may wait for a random part of this, in ms: many others were told the same just now. */
  readonly spreadMs?: number;
}

/** The fetches a scheduler decides about. `Key` is whatever names a query. */
export interface SchedulerOptions<Key> {
  readonly clock: Clock;
  readonly random: () => number;
  /** How many fetches of this scheduler run at a time. Default 6. */
  readonly atOnce?: number;
  priorityOf?(key: Key): Priority;
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
  mark(key: Key, options?: MarkOptions): void;
  /** Whether a whole fetch that began after the moment has succeeded. */
  hasRead(key: Key, since: Moment): boolean;
  /** Now: what starts later began after it. */
  moment(): Moment;
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
  /** When the last fetch began, if it was a whole one. */
  began: Moment;
  /** When the whole fetch began that read last. */
  read: Moment;
  markedAtMs: number;
  /** What a fetch waits for longer than `gatherMs`, since `markedAtMs`. */
  spreadMs: number;
  startedAtMs: number;
  failures: number;
  /** Takes back the fetch that is planned or waits for its turn. */
  cancelRun: (() => void) | undefined;
}

const never = Number.NEGATIVE_INFINITY;

export function createScheduler<Key>(options: SchedulerOptions<Key>): Scheduler<Key> {
  const { random, atOnce = fetchesAtOnce } = options;
  const timers = createTimers(options.clock);
  const entries = new Map<Key, Entry>();
  let moment: Moment = 0;

  const isDirty = (entry: Entry) => entry.marked > entry.satisfied;

  const turns = createTurns<Key>({
    timers,
    atOnce,
    start: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return false;
      entry.cancelRun = undefined;
      // Asked again: somebody else may have started a fetch, or nobody looks any more.
      if (!isDirty(entry) || entry.answers !== undefined) return false;
      const isWanted = options.isWanted(key);
      if (isWanted) options.fetch(key);
      else options.postpone(key);
      return isWanted;
    },
  });

  const waitMs = (entry: Entry) => {
    if (entry.failures > 0) return fullJitterMs(random, entry.failures - 1, retry);
    const nowMs = timers.now();
    const gatheringMs = Math.max(gatherMs, entry.spreadMs);
    const gathered = entry.markedAtMs + gatheringMs - nowMs;
    const spaced = entry.startedAtMs + spacingMs - nowMs;
    // Never longer than the rule itself, should the clock of the computer be set back.
    return Math.max(0, Math.min(gathered, gatheringMs), Math.min(spaced, spacingMs));
  };

  const plan = (key: Key, entry: Entry) => {
    if (entry.cancelRun !== undefined || !isDirty(entry) || entry.answers !== undefined) return;
    if (!options.isWanted(key)) return options.postpone(key);
    entry.cancelRun = timers.after(waitMs(entry), () => {
      entry.cancelRun = () => turns.giveUp(key);
      turns.wait(key, patienceMs[options.priorityOf?.(key) ?? "normal"]);
    });
  };

  const entryOf = (key: Key): Entry => {
    const known = entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = {
      marked: 0,
      satisfied: 0,
      // A fetch that began before its query was ever marked answers nothing.
      answers: options.isFetching(key) ? 0 : undefined,
      began: never,
      read: never,
      markedAtMs: never,
      spreadMs: 0,
      startedAtMs: never,
      failures: 0,
      cancelRun: undefined,
    };
    entries.set(key, entry);
    return entry;
  };

  return {
    mark: (key, { since = moment, spreadMs = 0 } = {}) => {
      const entry = entryOf(key);
      // Nothing waits yet for the fetch that will answer this mark.
      const isFirst = entry.marked === (entry.answers ?? entry.satisfied);
      if (entry.answers !== undefined && entry.began > since) entry.answers += 1;
      entry.marked += 1;
      if (isFirst) {
        if (entry.answers === undefined || spreadMs > 0) entry.markedAtMs = timers.now();
        entry.spreadMs = random() * spreadMs;
      } else if (spreadMs === 0 && entry.spreadMs > 0) {
        // One that need not be spread goes ahead, and takes the others with it.
        entry.spreadMs = 0;
        entry.cancelRun?.();
        entry.cancelRun = undefined;
      }
      plan(key, entry);
    },
    hasRead: (key, since) => (entries.get(key)?.read ?? never) > since,
    moment: () => moment,
    isMarked: (key) => {
      const entry = entries.get(key);
      return entry !== undefined && isDirty(entry);
    },
    started: (key, isWhole) => {
      moment += 1;
      const entry = entryOf(key);
      entry.answers = isWhole ? entry.marked : entry.satisfied;
      entry.began = isWhole ? moment : never;
      entry.startedAtMs = timers.now();
    },
    settled: (key, outcome) => {
      const entry = entries.get(key);
      if (entry?.answers === undefined) return;
      if (outcome === "success") {
        entry.satisfied = entry.answers;
        entry.read = Math.max(entry.read, entry.began);
        entry.failures = 0;
      } else if (outcome === "error") {
        entry.failures += 1;
      }
      entry.answers = undefined;
      turns.done(key);
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
      turns.done(key);
    },
    close: () => {
      timers.clear();
      turns.close();
      entries.clear();
    },
  };
}
