import { fullJitterMs } from "../../protocol/back-off.ts";
import type { FetchOrder, Lag, MarkOptions, Outcome, Pace } from "./scheduling.ts";

/** The time allowed for a fetch doubles with each failure in a row, up to this many times `lateMs`. */
const mostPatience = 8;
const retry = { firstMs: 1_000, lastMs: 30_000 };
export const never = Number.NEGATIVE_INFINITY;

/** What the scheduler knows about one query. */
export interface Entry {
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
  /** The pending fetch has exceeded `overdueMs`. */
  isOverdue: boolean;
  failures: number;
  /** Cancels the fetch that is planned or waits in the queue. */
  cancelRun: (() => void) | undefined;
}

export function createEntry(isFetching: boolean, nowMs: number): Entry {
  return {
    marked: 0,
    satisfied: 0,
    // A fetch that began before the first mark covers no mark.
    answers: isFetching ? 0 : undefined,
    began: never,
    read: never,
    markedAtMs: never,
    spreadMs: 0,
    startedAtMs: isFetching ? nowMs : never,
    pendingSinceMs: never,
    dirtySinceMs: never,
    behind: 0,
    owed: 0,
    isOverdue: false,
    failures: 0,
    cancelRun: undefined,
  };
}

export function isDirty(entry: Entry | undefined): boolean {
  return entry !== undefined && entry.marked > entry.satisfied;
}

export function lagOf(entry: Entry | undefined): Lag {
  if (entry === undefined) return "none";
  if (isDirty(entry) && (entry.isOverdue || entry.failures > 0)) return "overdue";
  return entry.behind > entry.satisfied ? "behind" : "none";
}

export function cancelRun(entry: Entry): void {
  entry.cancelRun?.();
  entry.cancelRun = undefined;
}

export function mark(
  entry: Entry,
  { since, spreadMs = 0, isBehind, isAttempt }: MarkOptions & { readonly since: FetchOrder },
  nowMs: number,
  random: () => number,
): void {
  // The first mark for the next fetch.
  const isFirst = entry.marked === (entry.answers ?? entry.satisfied);
  if (entry.answers !== undefined && entry.began > since) entry.answers += 1;
  if (!isDirty(entry)) entry.dirtySinceMs = nowMs;
  entry.marked += 1;
  if (isBehind) entry.behind = entry.marked;
  if (!isAttempt) entry.owed = entry.marked;
  if (isFirst) {
    entry.pendingSinceMs = nowMs;
    if (entry.answers === undefined || spreadMs > 0) entry.markedAtMs = nowMs;
    entry.spreadMs = random() * spreadMs;
  } else if (spreadMs === 0 && entry.spreadMs > 0) {
    // A mark without spread starts the fetch at once, for the others too.
    entry.spreadMs = 0;
    cancelRun(entry);
  }
}

/** @param lateMs see `SchedulerOptions` */
export function settle(entry: Entry, outcome: Outcome, nowMs: number, lateMs: number): void {
  const { answers = 0 } = entry;
  if (outcome === "success") {
    entry.satisfied = answers;
    entry.read = Math.max(entry.read, entry.began);
    entry.failures = 0;
    entry.isOverdue = false;
    entry.dirtySinceMs = entry.pendingSinceMs;
  } else if (outcome === "error" || nowMs - entry.startedAtMs >= lateMs) {
    entry.failures += 1;
    if (outcome === "error" && entry.owed <= entry.satisfied) {
      entry.satisfied = answers;
      entry.failures = 0;
    }
  }
  entry.answers = undefined;
}

/** Whether the running fetch takes too long while a newer one is wanted, or something else waits for its end. */
export function isLate(entry: Entry, nowMs: number, lateMs: number, isAwaited: boolean): boolean {
  const isNewerWanted = isAwaited || entry.marked > (entry.answers ?? entry.marked);
  const allowedMs = lateMs * Math.min(2 ** entry.failures, mostPatience);
  return isNewerWanted && nowMs - entry.startedAtMs >= allowedMs;
}

/** Returns whether the pending fetch has become overdue. */
export function becomesOverdue(entry: Entry, nowMs: number, boundMs: number): boolean {
  const sinceMs = entry.dirtySinceMs + entry.spreadMs;
  if (entry.isOverdue || !isDirty(entry) || nowMs - sinceMs < boundMs) return false;
  entry.isOverdue = true;
  return true;
}

/** Time until the pending fetch is due. */
export function waitMs(
  entry: Entry,
  { gatherMs, spacingMs }: Pace,
  nowMs: number,
  random: () => number,
): number {
  if (entry.failures > 0) return fullJitterMs(random, entry.failures - 1, retry);
  const gatheringMs = Math.max(gatherMs, entry.spreadMs);
  const gathered = entry.markedAtMs + gatheringMs - nowMs;
  const spaced = entry.startedAtMs + spacingMs - nowMs;
  // Limited to the pace itself, in case the clock of the computer is set back.
  return Math.max(0, Math.min(gathered, gatheringMs), Math.min(spaced, spacingMs));
}
