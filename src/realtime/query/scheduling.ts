import type { Clock } from "../client/clock.ts";

/** How urgent a query is where many are to be fetched. */
export type Priority = "high" | "normal" | "low";

/** A point in the order in which fetches start. */
export type Moment = number;

export interface MarkOptions {
  /** What changed is shown by every whole fetch that began after this moment. Default: now. */
  readonly since?: Moment;
  /** The fetch may wait for a random part of this, in ms: many other clients got the same just now. */
  readonly spreadMs?: number;
  /** The query missed an unknown part of its signals: until it is read it is not live. */
  readonly isBehind?: boolean;
  /** One read is wanted, whether it succeeds or not: a failure is not retried for this mark. */
  readonly isAttempt?: boolean;
}

/**
 * How far what a query shows is behind: `none`, or a read within its bounds follows each signal; `behind`:
 * signals were missed and the read is on its way; `overdue`: the read failed, or has not come in time.
 */
export type Lag = "none" | "behind" | "overdue";

/** How fast one query is fetched. */
export interface Pace {
  /** How long the first signal waits for others that one fetch can answer as well, in ms. */
  readonly gatherMs: number;
  /** Least time between the starts of two fetches, in ms. */
  readonly spacingMs: number;
}

/** The fetches a scheduler decides about. `Key` stands for a query. */
export interface SchedulerOptions<Key> {
  readonly clock: Clock;
  readonly random: () => number;
  /** How many fetches of this scheduler run at a time. Default 6. */
  readonly atOnce?: number;
  /** How long a fetch may take before it is given up for a newer one, in ms. Default 30,000. */
  readonly lateMs?: number | undefined;
  priorityOf?(key: Key): Priority;
  /** How fast this key is fetched now. Default: {@link Pace} of 20 and 100 ms. */
  paceOf?(key: Key): Pace | undefined;
  /** Cancels the fetch of this key that is under way; its end is reported back by `settled`. */
  cancel?(key: Key): void;
  /** `lagOf` of some key may have changed without a call of the scheduler's. */
  lagChanged?(): void;
  isFetching(key: Key): boolean;
  /** Whether a fetch is wanted now: a component shows the query, and nothing holds it. */
  isWanted(key: Key): boolean;
  /** A marked key is not wanted now; it stays marked until `wake`. */
  postpone(key: Key): void;
  /** Starts a fetch; its start and its end are reported back by `started` and `settled`. */
  fetch(key: Key): void;
}

/**
 * Decides when a query is fetched again: one fetch at a time, and one more for what arrived during it.
 *
 * Its one promise: **every signal is followed by a fetch that started after it.** A mark counts as
 * satisfied only by such a fetch, and only when it succeeds; so nothing is lost in a first fetch, by a
 * cancelled one, or by data an optimistic update put there.
 */
export interface Scheduler<Key> {
  /** The query's data may have changed. */
  mark(key: Key, options?: MarkOptions): void;
  /** Whether a whole fetch that began after the moment has succeeded. */
  hasRead(key: Key, since: Moment): boolean;
  /** Now: what starts later began after it. */
  moment(): Moment;
  isMarked(key: Key): boolean;
  lagOf(key: Key): Lag;
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
