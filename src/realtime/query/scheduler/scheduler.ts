import { fullJitterMs } from "../../protocol/back-off.ts";
import { createTimers } from "../../protocol/clock.ts";
import { createFetchQueue } from "./fetch-queue.ts";
import type { FetchOrder, Pace, Priority, Scheduler, SchedulerOptions } from "./scheduling.ts";

const usualPace: Pace = { gatherMs: 20, spacingMs: 100 };
const retry = { firstMs: 1_000, lastMs: 30_000 };
const fetchesAtOnce = 6;
/** Time after which a pending fetch is overdue and its query not live. */
export const overdueMs = 10_000;
/** Time after which a running fetch is cancelled if a newer one is wanted. */
const defaultLateMs = 30_000;
/** The allowed time doubles with each failure in a row, up to this many times `lateMs`. */
const mostPatience = 8;
/** How often running and planned fetches are compared with the two bounds above. */
export const sweepMs = 5_000;
/** How long a query lets more urgent ones pass that became stale after it. */
const patienceMs: Record<Priority, number> = { high: 0, normal: 1_000, low: 5_000 };

interface Entry {
  /** Marks so far. */
  marked: number;
  /** Marks covered by a successful fetch that started after them. */
  satisfied: number;
  /** Value of `satisfied` after the running fetch succeeds. Undefined without a running fetch. */
  answers: number | undefined;
  /** Start of the last fetch, if it was a whole one. */
  began: FetchOrder;
  /** Start of the last whole fetch that succeeded. */
  read: FetchOrder;
  /** Time from which the wait of the pending fetch counts. */
  markedAtMs: number;
  /** Random wait of the pending fetch. It applies if it is longer than that of the pace. */
  spreadMs: number;
  startedAtMs: number;
  /** Time of the first mark that the next fetch will cover. */
  pendingSinceMs: number;
  /** Time of the oldest mark that no successful fetch has covered. */
  dirtySinceMs: number;
  /** Number of marks when signals were last missed. */
  behind: number;
  /** Number of marks at the last one that is not an attempt. It needs a successful fetch. */
  owed: number;
  /** The pending fetch has exceeded {@link overdueMs}. */
  isOverdue: boolean;
  failures: number;
  /** Cancels the fetch that is planned or waits in the queue. */
  cancelRun: (() => void) | undefined;
}

const never = Number.NEGATIVE_INFINITY;

export function createScheduler<Key>(options: SchedulerOptions<Key>): Scheduler<Key> {
  const { random, atOnce = fetchesAtOnce, lateMs = defaultLateMs } = options;
  const timers = createTimers(options.clock);
  const entries = new Map<Key, Entry>();
  let fetchOrder: FetchOrder = 0;
  let isSweepPlanned = false;

  const paceOf = (key: Key) => options.paceOf?.(key) ?? usualPace;
  const isDirty = (entry: Entry) => entry.marked > entry.satisfied;

  const queue = createFetchQueue<Key>({
    timers,
    atOnce,
    start: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return false;
      entry.cancelRun = undefined;
      // Checked again: since then a fetch may have started elsewhere, or the query was unmounted.
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
    // Limited to the pace itself, in case the clock of the computer is set back.
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
      entry.cancelRun = () => queue.giveUp(key);
      queue.wait(key, patienceMs[options.priorityOf?.(key) ?? "normal"]);
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
      // A fetch that began before the first mark covers no mark.
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
    mark: (key, { since = fetchOrder, spreadMs = 0, ...how } = {}) => {
      const entry = entryOf(key);
      // The first mark for the next fetch.
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
        // A mark without spread starts the fetch at once, for the others too.
        entry.spreadMs = 0;
        entry.cancelRun?.();
        entry.cancelRun = undefined;
      }
      plan(key, entry);
    },
    hasRead: (key, since) => (entries.get(key)?.read ?? never) > since,
    fetchOrder: () => fetchOrder,
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
      fetchOrder += 1;
      const entry = entryOf(key);
      entry.answers = isWhole ? entry.marked : entry.satisfied;
      entry.began = isWhole ? fetchOrder : never;
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
      queue.done(key);
      plan(key, entry);
    },
    wake: (key) => {
      const entry = entries.get(key);
      if (entry !== undefined) plan(key, entry);
    },
    wakeAll: () => {
      for (const [key, entry] of entries) {
        // Planned again, because the pace of a hidden tab is slower.
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
      queue.done(key);
    },
    close: () => {
      timers.clear();
      isSweepPlanned = false;
      queue.close();
      entries.clear();
    },
  };
}
