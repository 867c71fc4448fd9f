import type { StaleCause, TraceEvent } from "../client/trace.ts";

const keptEvents = 200;

export interface LoggedEvent {
  /** Serial number, as key for React. */
  readonly key: number;
  readonly atMs: number;
  readonly event: TraceEvent;
}

/** The fetches of one query since the log began. */
export interface QueryLog {
  readonly queryHash: string;
  readonly fetches: number;
  readonly lastFetchAtMs: number | undefined;
  /** Causes of the last fetch. Empty if the application or TanStack started it. */
  readonly lastCauses: readonly StaleCause[];
  /** Causes of the next fetch. */
  readonly pending: readonly StaleCause[];
  /** Why the next fetch waits. */
  readonly waitsBecause: "hidden" | "inactive" | "held" | undefined;
  readonly outcome: "fetching" | "success" | "error" | "cancelled" | undefined;
}

export interface TraceLogState {
  /** The newest first, at most 200. */
  readonly events: readonly LoggedEvent[];
  readonly queries: ReadonlyMap<string, QueryLog>;
}

const noEvents: TraceLogState = { events: [], queries: new Map() };

/** Records trace events in a store for `useSyncExternalStore`. */
export interface TraceLog {
  /** @param atMs time of the event, in ms since 1970. Default: now */
  record(event: TraceEvent, atMs?: number): void;
  clear(): void;
  get(): TraceLogState;
  onChange(listener: () => void): () => void;
}

/** @param now ms since 1970 */
export function createTraceLog(now: () => number = Date.now): TraceLog {
  let state = noEvents;
  let recorded = 0;
  const listeners = new Set<() => void>();
  const set = (next: TraceLogState) => {
    state = next;
    for (const listener of [...listeners]) listener();
  };
  return {
    record: (event, atMs = now()) => {
      recorded += 1;
      const logged = { key: recorded, atMs, event };
      set({
        events: [logged, ...state.events].slice(0, keptEvents),
        queries: withEvent(state.queries, event, logged.atMs),
      });
    },
    clear: () => set(noEvents),
    get: () => state,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function withEvent(
  queries: ReadonlyMap<string, QueryLog>,
  event: TraceEvent,
  atMs: number,
): ReadonlyMap<string, QueryLog> {
  if (!("query" in event)) return queries;
  const before = queries.get(event.query) ?? newQuery(event.query);
  const after = next(before, event, atMs);
  return after === before ? queries : new Map(queries).set(event.query, after);
}

const newQuery = (queryHash: string): QueryLog => ({
  queryHash,
  fetches: 0,
  lastFetchAtMs: undefined,
  lastCauses: [],
  pending: [],
  waitsBecause: undefined,
  outcome: undefined,
});

function next(query: QueryLog, event: TraceEvent, atMs: number): QueryLog {
  switch (event.type) {
    case "stale":
      return { ...query, pending: [...query.pending, event.cause] };
    case "postponed":
      return { ...query, waitsBecause: event.because };
    case "fetch":
      return {
        ...query,
        fetches: query.fetches + 1,
        lastFetchAtMs: atMs,
        lastCauses: event.causes,
        pending: [],
        waitsBecause: undefined,
        outcome: "fetching",
      };
    case "settled":
      return { ...query, outcome: event.outcome };
    default:
      return query;
  }
}
