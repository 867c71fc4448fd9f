import { createTimers } from "../client/clock.ts";
import { fullJitterMs } from "../client/jitter.ts";
import type { Moment, Pace, Priority, Scheduler, SchedulerOptions } from "./scheduling.ts";
import { createTurns } from "./turns.ts";

const usualPace: Pace = { gatherMs: 20, spacingMs: 100 };
const retry = { firstMs: 1_000, lastMs: 30_000 };
const fetchesAtOnce = 6;
/** A read that has not come by then is overdue: what the query shows is not live. */
export const overdueMs = 10_000;
/** A fetch that takes longer is given up for a newer one. */
const defaultLateMs = 30_000;
/** After each failure in a row a fetch may take twice as long, up to this many times `lateMs`. */
const mostPatience = 8;
/** How often running and planned fetches are compared with the two bounds above. */
export const sweepMs = 5_000;
/** How long a query lets more urgent ones pass that came after it. */
const patienceMs: Record<Priority, number> = { high: 0, normal: 1_000, low: 5_000 };

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
  /** What a fetch waits for longer than its pace asks, since `markedAtMs`. */
  spreadMs: number;
  startedAtMs: number;
  /** When the first of the marks came that the next fetch will answer. */
  pendingSinceMs: number;
  /** When the oldest mark came that no fetch has answered. */
  dirtySinceMs: number;
  /** How many marks there were when signals were last missed. */
  behind: number;
  /** How many marks there were with the last one that is not an attempt: it needs a read that succeeds. */
  owed: number;
  /** The read that is wanted has not come in time. */
  isOverdue: boolean;
  failures: number;
  /** Takes back the fetch that is planned or waits for its turn. */
  cancelRun: (() => void) | undefined;
}

const never = Number.NEGATIVE_INFINITY;

export function createScheduler<Key>(options: SchedulerOptions<Key>): Scheduler<Key> {
  const { random, atOnce = fetchesAtOnce, lateMs = defaultLateMs } = options;
  const timers = createTimers(options.clock);
  const entries = new Map<Key, Entry>();
  let moment: Moment = 0;
  let isSweepPlanned = false;

  const paceOf = (key: Key) => options.paceOf?.(key) ?? usualPace;
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

  const waitMs = (key: Key, entry: Entry) => {
    if (entry.failures > 0) return fullJitterMs(random, entry.failures - 1, retry);
    const { gatherMs, spacingMs } = paceOf(key);
    const nowMs = timers.now();
    const gatheringMs = Math.max(gatherMs, entry.spreadMs);
    const gathered = entry.markedAtMs + gatheringMs - nowMs;
    const spaced = entry.startedAtMs + spacingMs - nowMs;
    // Never longer than the rule itself, should the clock of the computer be set back.
    return Math.max(0, Math.min(gathered, gatheringMs), Math.min(spaced, spacingMs));
  };

  const plan = (key: Key, entry: Entry) => {
    if (entry.cancelRun !== undefined || !isDirty(entry)) return;
    if (entry.answers !== undefined) return giveUpIfLate(key, entry);
    if (!options.isWanted(key)) {
      entry.behind = entry.marked;
      return options.postpone(key);
    }
    entry.cancelRun = timers.after(waitMs(key, entry), () => {
      entry.cancelRun = () => turns.giveUp(key);
      turns.wait(key, patienceMs[options.priorityOf?.(key) ?? "normal"]);
    });
    planSweep();
  };

  const giveUpIfLate = (key: Key, entry: Entry) => {
    const isNewerWanted = entry.marked > (entry.answers ?? entry.marked);
    const allowedMs = lateMs * Math.min(2 ** entry.failures, mostPatience);
    if (!isNewerWanted || timers.now() - entry.startedAtMs < allowedMs) return;
    if (options.isWanted(key)) options.cancel?.(key);
  };

  const planSweep = () => {
    if (isSweepPlanned) return;
    isSweepPlanned = true;
    timers.after(sweepMs, sweep);
  };

  const sweep = () => {
    isSweepPlanned = false;
    let hasChanged = false;
    for (const [key, entry] of entries) {
      if (entry.answers === undefined && entry.cancelRun === undefined) continue;
      planSweep();
      const sinceMs = entry.dirtySinceMs + entry.spreadMs;
      const boundMs = Math.max(overdueMs, paceOf(key).spacingMs);
      if (!entry.isOverdue && isDirty(entry) && timers.now() - sinceMs >= boundMs) {
        entry.isOverdue = true;
        hasChanged = true;
      }
      giveUpIfLate(key, entry);
    }
    if (hasChanged) options.lagChanged?.();
  };

  const entryOf = (key: Key): Entry => {
    const known = entries.get(key);
    if (known !== undefined) return known;
    const isFetching = options.isFetching(key);
    const entry: Entry = {
      marked: 0,
      satisfied: 0,
      // A fetch that began before its query was ever marked answers nothing.
      answers: isFetching ? 0 : undefined,
      began: never,
      read: never,
      markedAtMs: never,
      spreadMs: 0,
      startedAtMs: isFetching ? timers.now() : never,
      pendingSinceMs: never,
      dirtySinceMs: never,
      behind: 0,
      owed: 0,
      isOverdue: false,
      failures: 0,
      cancelRun: undefined,
    };
    entries.set(key, entry);
    return entry;
  };

  return {
    mark: (key, { since = moment, spreadMs = 0, ...how } = {}) => {
      const entry = entryOf(key);
      // Nothing waits yet for the fetch that will answer this mark.
      const isFirst = entry.marked === (entry.answers ?? entry.satisfied);
      if (entry.answers !== undefined && entry.began > since) entry.answers += 1;
      if (!isDirty(entry)) entry.dirtySinceMs = timers.now();
      entry.marked += 1;
      if (how.isBehind) entry.behind = entry.marked;
      if (!how.isAttempt) entry.owed = entry.marked;
      if (isFirst) {
        entry.pendingSinceMs = timers.now();
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
    lagOf: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return "none";
      if (isDirty(entry) && (entry.isOverdue || entry.failures > 0)) return "overdue";
      return entry.behind > entry.satisfied ? "behind" : "none";
    },
    started: (key, isWhole) => {
      moment += 1;
      const entry = entryOf(key);
      entry.answers = isWhole ? entry.marked : entry.satisfied;
      entry.began = isWhole ? moment : never;
      entry.startedAtMs = timers.now();
      planSweep();
    },
    settled: (key, outcome) => {
      const entry = entries.get(key);
      if (entry?.answers === undefined) return;
      if (outcome === "success") {
        entry.satisfied = entry.answers;
        entry.read = Math.max(entry.read, entry.began);
        entry.failures = 0;
        entry.isOverdue = false;
        entry.dirtySinceMs = entry.pendingSinceMs;
      } else if (outcome === "error" || timers.now() - entry.startedAtMs >= lateMs) {
        entry.failures += 1;
        if (outcome === "error" && entry.owed <= entry.satisfied) {
          entry.satisfied = entry.answers;
          entry.failures = 0;
        }
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
      for (const [key, entry] of entries) {
        // A read that may wait for long in a hidden tab is planned again for a visible one.
        if (entry.failures === 0) {
          entry.cancelRun?.();
          entry.cancelRun = undefined;
        }
        plan(key, entry);
      }
    },
    forget: (key) => {
      entries.get(key)?.cancelRun?.();
      entries.delete(key);
      turns.done(key);
    },
    close: () => {
      timers.clear();
      isSweepPlanned = false;
      turns.close();
      entries.clear();
    },
  };
}
