import type { QueryCacheNotifyEvent, QueryClient, QueryKey } from "@tanstack/react-query";
import { type Clock, createTimers, systemClock } from "../client/clock.ts";
import { browserEnvironment, type Environment } from "../client/environment.ts";
import type { RealtimeClient } from "../client/realtime-client.ts";
import { type AnyQuery, createBindings } from "./bindings.ts";
import { createScheduler } from "./scheduler.ts";

/** How often bound queries are read while live delivery is down, ± half. */
const pollMs = 30_000;

export interface QueryBridgeOptions {
  readonly client: RealtimeClient;
  readonly queryClient: QueryClient;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly environment?: Environment;
}

/** Carries signals to queries: which channels are wanted, which queries are stale, when they are read. */
export interface QueryBridge {
  /** Starts; hands back what stops it. May be started again. */
  attach(): () => void;
  /** Makes every query under these keys stale, and read again if somebody looks at it. */
  invalidate(queryKeys: readonly QueryKey[]): void;
}

type Hold = (queryKey: QueryKey) => () => void;

/** Where `hold` finds the bridge of a query client. */
const holds = new WeakMap<QueryClient, Hold>();

export function createQueryBridge({
  client,
  queryClient,
  clock = systemClock,
  random = Math.random,
  environment = browserEnvironment,
}: QueryBridgeOptions): QueryBridge {
  const cache = queryClient.getQueryCache();
  const timers = createTimers(clock);
  const held = new Map<AnyQuery, number>();
  const bindings = createBindings(({ channel, names }) =>
    client.subscribe(names === undefined ? channel : { channel, names }),
  );
  let cancelPoll: (() => void) | undefined;

  const isWanted = (query: AnyQuery) =>
    environment.isVisible() && query.isActive() && !query.isStatic() && !held.has(query);

  const scheduler = createScheduler<AnyQuery>({
    clock,
    random,
    isWanted,
    // Nobody looks: TanStack must know as well, for prefetches and for its own refetch on focus.
    postpone: (query) => query.invalidate(),
    isFetching: (query) => query.state.fetchStatus !== "idle",
    // Failures are the query's own to show; the scheduler hears of them from the cache.
    fetch: (query) => void query.fetch(undefined, { cancelRefetch: false }).catch(() => {}),
  });

  const onCacheEvent = (event: QueryCacheNotifyEvent) => {
    const { query } = event;
    switch (event.type) {
      case "added":
      case "observerAdded":
      case "observerRemoved":
      case "observerOptionsUpdated":
        bindings.update(query);
        return scheduler.wake(query);
      case "removed":
        bindings.remove(query);
        held.delete(query);
        return scheduler.forget(query);
      case "updated":
        return onQueryAction(query, event.action);
      case "observerResultsUpdated":
        return;
    }
  };

  const onQueryAction = (
    query: AnyQuery,
    action: Extract<QueryCacheNotifyEvent, { type: "updated" }>["action"],
  ) => {
    // One more page of an infinite query tells nothing about the pages before it.
    if (action.type === "fetch") scheduler.started(query, action.meta?.fetchMore === undefined);
    // An optimistic update is data, but not an answer of the server.
    else if (action.type === "success" && !action.manual) scheduler.settled(query, "success");
    else if (action.type === "error") scheduler.settled(query, "error");
    else if (action.type === "setState" && query.state.fetchStatus === "idle") {
      scheduler.settled(query, "cancelled");
    }
  };

  /**
   * Takes data away that may no longer be seen. A query somebody looks at becomes as it was before its
   * first read, and is read once more: that read tells what may be seen now, and its refusal stands.
   * Should it succeed, the right may be back already, and what is shown must not miss what follows.
   */
  const purge = (channel: string, query: AnyQuery) => {
    if (!query.getObserversCount()) return cache.remove(query);
    scheduler.forget(query);
    if (query.state.data === undefined) return;
    query.reset();
    if (!query.isActive()) return;
    query.fetch().then(
      () => client.askAgain(channel),
      () => {},
    );
  };

  const poll = () => {
    if (client.getState().status !== "degraded") {
      cancelPoll?.();
      cancelPoll = undefined;
      return;
    }
    cancelPoll ??= timers.after(pollMs * (0.5 + random()), () => {
      cancelPoll = undefined;
      for (const query of bindings.active()) scheduler.mark(query);
      poll();
    });
  };

  const hold: Hold = (queryKey) => {
    const queries = cache.findAll({ queryKey });
    for (const query of queries) held.set(query, (held.get(query) ?? 0) + 1);
    let isHolding = true;
    return () => {
      if (!isHolding) return;
      isHolding = false;
      for (const query of queries) {
        const left = (held.get(query) ?? 1) - 1;
        if (left > 0) held.set(query, left);
        else held.delete(query);
        scheduler.wake(query);
      }
    };
  };

  return {
    attach: () => {
      const stops = [
        cache.subscribe(onCacheEvent),
        client.observe({
          signal: (channel, { name }, isKnown) => {
            // A name from a newer build: something changed, and it cannot be told what.
            bindings.eachConcerned(channel, isKnown ? name : undefined, scheduler.mark);
          },
          gap: (channel) => bindings.eachConcerned(channel, undefined, scheduler.mark),
          revoked: (channel) =>
            bindings.eachConcerned(channel, undefined, (query) => purge(channel, query)),
        }),
        client.onStateChange(poll),
        environment.listen(scheduler.wakeAll),
      ];
      for (const query of cache.getAll()) bindings.update(query);
      poll();
      holds.set(queryClient, hold);
      return () => {
        for (const stop of stops) stop();
        holds.delete(queryClient);
        bindings.close();
        scheduler.close();
        timers.clear();
        cancelPoll = undefined;
        held.clear();
      };
    },
    invalidate: (queryKeys) => {
      for (const queryKey of queryKeys) {
        for (const query of cache.findAll({ queryKey })) scheduler.mark(query);
      }
    },
  };
}

/**
 * Holds back the fetches that signals ask for, for every query under the key, until what it hands back
 * is called: while a mutation runs, its own signals must not fetch over the optimistic state. Signals
 * that arrive meanwhile are answered afterwards. Without a provider nothing is held.
 */
export function hold(queryClient: QueryClient, queryKey: QueryKey): () => void {
  return holds.get(queryClient)?.(queryKey) ?? (() => {});
}

/** Runs a mutation under {@link hold}. Rejects as the mutation does. */
export async function holdWhile<Result>(
  queryClient: QueryClient,
  queryKey: QueryKey,
  mutation: () => Promise<Result>,
): Promise<Result> {
  const release = hold(queryClient, queryKey);
  try {
    return await mutation();
  } finally {
    release();
  }
}
