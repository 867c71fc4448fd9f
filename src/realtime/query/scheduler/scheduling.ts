import type { Clock } from "../../protocol/clock.ts";

/** How urgent the fetch of a query is when many are stale. */
export type Priority = "high" | "normal" | "low";

/** A position in the order in which fetches start. */
export type FetchOrder = number;

export interface MarkOptions {
  /** Every whole fetch that began after this position covers the mark. Default: the current one. */
  readonly since?: FetchOrder;
  /** The fetch waits for a random part of this, in ms, because many clients got the same signal. */
  readonly spreadMs?: number;
  /** The query missed signals and is not live until it was fetched. */
  readonly isBehind?: boolean;
  /** One fetch is wanted. If it fails it is not retried for this mark. */
  readonly isAttempt?: boolean;
}

/**
 * How far the data of a query is behind. `none`: a fetch follows each signal in time. `behind`: signals were
 * missed, and the fetch is pending. `overdue`: the fetch failed or takes too long.
 */
export type Lag = "none" | "behind" | "overdue";

/** How a fetch ended. */
export type Outcome = "success" | "error" | "cancelled";

/** How fast one query is fetched. */
export interface Pace {
  /** How long the first signal waits for others, so that one fetch covers all, in ms. */
  readonly gatherMs: number;
  /** Least time between the starts of two fetches, in ms. */
  readonly spacingMs: number;
}

/** Options of a scheduler. `Key` stands for a query. */
export interface SchedulerOptions<Key> {
  readonly clock: Clock;
  readonly random: () => number;
  /** Maximum number of fetches at the same time. Default 6. */
  readonly atOnce?: number;
  /** Time after which a running fetch is cancelled if a newer one is wanted, in ms. Default 30,000. */
  readonly lateMs?: number | undefined;
  priorityOf?(key: Key): Priority;
  /** The current pace for this key. Default: 20 and 100 ms. */
  paceOf?(key: Key): Pace | undefined;
  /** Whether something waits for the end of the running fetch, so that it is cancelled when it is late. */
  isAwaited?(key: Key): boolean;
  /** Cancels the running fetch of this key. The caller then calls `settled`. */
  cancel?(key: Key): void;
  /** Called when `lagOf` of a key may have changed by the passing of time. */
  lagChanged?(): void;
  isFetching(key: Key): boolean;
  /** Whether a fetch is wanted now: a component shows the query, and it is not held. */
  isWanted(key: Key): boolean;
  /** Called for a marked key that is not wanted now. It stays marked until `wake`. */
  postpone(key: Key): void;
  /** Starts a fetch. The caller then calls `started` and `settled`. */
  fetch(key: Key): void;
}

/**
 * Decides when queries are fetched. A query has one fetch at a time; marks during a fetch cause one more.
 *
 * Invariant: every signal is followed by a successful fetch that started after it. A first fetch, a cancelled
 * fetch or an optimistic update does not count.
 */
export interface Scheduler<Key> {
  /** The query's data may have changed. */
  mark(key: Key, options?: MarkOptions): void;
  /** Whether a whole fetch has succeeded that began after this position. */
  hasRead(key: Key, since: FetchOrder): boolean;
  /** The current position. */
  fetchOrder(): FetchOrder;
  isMarked(key: Key): boolean;
  lagOf(key: Key): Lag;
  /** A fetch began, by this scheduler or not. `isWhole` is false for a part, e.g. one more page. */
  started(key: Key, isWhole: boolean): void;
  /** The running fetch ended. */
  settled(key: Key, outcome: Outcome): void;
  /** `isWanted` may have become true. */
  wake(key: Key): void;
  /** As `wake`, for all keys: the page may be visible again. */
  wakeAll(): void;
  /** The query was removed. */
  forget(key: Key): void;
  /** Removes all keys and timers. */
  close(): void;
}
