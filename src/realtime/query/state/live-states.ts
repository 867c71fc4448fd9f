import type { QueryCache } from "@tanstack/react-query";
import type { RealtimeClient } from "../../client/realtime-client.ts";
import type { AnyQuery, Bindings } from "../binding/bindings.ts";
import { findQuery } from "../binding/find-query.ts";
import type { Scheduler } from "../scheduler/scheduling.ts";
import { type LiveState, liveStatusOf, type PageState, pageStateOf } from "./live-state.ts";

export interface LiveStatesOptions {
  readonly client: RealtimeClient;
  readonly cache: QueryCache;
  readonly bindings: Bindings;
  readonly scheduler: Scheduler<AnyQuery>;
}

/** The states of all queries. A state is the same object until it changes. */
export interface LiveStates {
  of(query: AnyQuery): LiveState;
  get(queryHash: string): LiveState;
  page(): PageState;
  /** A fetch of the query succeeded, or its data came from outside. */
  read(query: AnyQuery): void;
  /** A state may have changed. Calls the listeners in a microtask. */
  changed(): void;
  onChange(listener: () => void): () => void;
}

const none: LiveState = { status: "unbound", lastReadAtMs: undefined };

export function createLiveStates(options: LiveStatesOptions): LiveStates {
  const { client, cache, bindings, scheduler } = options;
  const states = new WeakMap<AnyQuery, LiveState>();
  const readAtMs = new WeakMap<AnyQuery, number>();
  const listeners = new Set<() => void>();
  let isAnnounced = false;
  let page: PageState = client.getState();

  const of = (query: AnyQuery): LiveState => {
    const lastReadAtMs = (readAtMs.get(query) ?? query.state.dataUpdatedAt) || undefined;
    const next = { ...liveStatusOf(client, query, scheduler.lagOf(query)), lastReadAtMs };
    const known = states.get(query);
    if (known !== undefined && spell(known) === spell(next)) return known;
    states.set(query, next);
    return next;
  };

  return {
    of,
    get: (queryHash) => {
      const query = findQuery(cache, queryHash);
      return query === undefined ? none : of(query);
    },
    page: () => {
      const queries = bindings.active().map((query) => ({
        queryHash: query.queryHash,
        queryKey: query.queryKey,
        state: of(query),
      }));
      const next = pageStateOf(client.getState(), queries);
      if (spell(page) !== spell(next)) page = next;
      return page;
    },
    read: (query) => {
      readAtMs.set(query, query.state.dataUpdatedAt);
    },
    changed: () => {
      if (isAnnounced || listeners.size === 0) return;
      isAnnounced = true;
      queueMicrotask(() => {
        isAnnounced = false;
        for (const listener of [...listeners]) listener();
      });
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Serialises a state for comparison, without query keys, which may have values that JSON lacks. */
const spell = (state: object) =>
  JSON.stringify(state, (name, value) => (name === "queryKey" ? undefined : value));
