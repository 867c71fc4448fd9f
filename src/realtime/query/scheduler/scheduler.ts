import { createTimers } from "../../protocol/clock.ts";
import {
  becomesOverdue,
  cancelRun,
  createEntry,
  type Entry,
  isDirty,
  isLate,
  lagOf,
  mark,
  never,
  settle,
  waitMs,
} from "./entry.ts";
import { createFetchQueue } from "./fetch-queue.ts";
import type { FetchOrder, Pace, Priority, Scheduler, SchedulerOptions } from "./scheduling.ts";

const usualPace: Pace = { gatherMs: 20, spacingMs: 100 };
const fetchesAtOnce = 6;
/** Time after which a pending fetch is overdue and its query not live. */
export const overdueMs = 10_000;
/** Time after which a running fetch is cancelled if a newer one is wanted. */
const defaultLateMs = 30_000;
/** How often running and planned fetches are compared with the two bounds above. */
export const sweepMs = 5_000;
/** How long a query lets more urgent ones pass that became stale after it. */
const patienceMs: Record<Priority, number> = { high: 0, normal: 1_000, low: 5_000 };

export function createScheduler<Key>(options: SchedulerOptions<Key>): Scheduler<Key> {
  const { random, atOnce = fetchesAtOnce, lateMs = defaultLateMs } = options;
  const timers = createTimers(options.clock);
  const entries = new Map<Key, Entry>();
  let fetchOrder: FetchOrder = 0;
  let isSweepPlanned = false;

  const paceOf = (key: Key) => options.paceOf?.(key) ?? usualPace;

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
      else postpone(key, entry);
      return isWanted;
    },
  });

  const postpone = (key: Key, entry: Entry) => {
    entry.behind = entry.marked;
    options.postpone(key);
    options.lagChanged?.();
  };

  const plan = (key: Key, entry: Entry) => {
    if (entry.cancelRun !== undefined || !isDirty(entry)) return;
    if (entry.answers !== undefined) return giveUpIfLate(key, entry);
    if (!options.isWanted(key)) return postpone(key, entry);
    entry.cancelRun = timers.after(waitMs(entry, paceOf(key), timers.now(), random), () => {
      entry.cancelRun = () => queue.giveUp(key);
      queue.wait(key, patienceMs[options.priorityOf?.(key) ?? "normal"]);
    });
    planSweep();
  };

  const giveUpIfLate = (key: Key, entry: Entry) => {
    if (!isLate(entry, timers.now(), lateMs, options.isAwaited?.(key) ?? false)) return;
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
      const boundMs = Math.max(overdueMs, paceOf(key).spacingMs);
      if (becomesOverdue(entry, timers.now(), boundMs)) hasChanged = true;
      giveUpIfLate(key, entry);
    }
    if (hasChanged) options.lagChanged?.();
  };

  const entryOf = (key: Key): Entry => {
    const known = entries.get(key);
    if (known !== undefined) return known;
    const entry = createEntry(options.isFetching(key), timers.now());
    entries.set(key, entry);
    return entry;
  };

  return {
    mark: (key, how) => {
      const entry = entryOf(key);
      mark(entry, { since: fetchOrder, ...how }, timers.now(), random);
      plan(key, entry);
    },
    hasRead: (key, since) => (entries.get(key)?.read ?? never) > since,
    fetchOrder: () => fetchOrder,
    isMarked: (key) => isDirty(entries.get(key)),
    lagOf: (key) => lagOf(entries.get(key)),
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
      settle(entry, outcome, timers.now(), lateMs);
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
        if (entry.failures === 0) cancelRun(entry);
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
