import { CancelledError, type QueryCacheNotifyEvent, type QueryKey } from "@tanstack/react-query";
import { browserEnvironment } from "../client/environment.ts";
import type { StaleCause } from "../client/trace.ts";
import { createTimers, systemClock } from "../protocol/clock.ts";
import { type AnyQuery, createBindings } from "./binding/bindings.ts";
import { findQuery } from "./binding/find-query.ts";
import { createKnownAge } from "./binding/known-age.ts";
import { bindingsOf, isReadHidden, priorityOf } from "./binding/live.ts";
import { bridgeRegistry } from "./bridge-registry.ts";
import { createHeldQueries } from "./mutation/held-queries.ts";
import { createMutationRuns } from "./mutation/mutation-runs.ts";
import { startFirstPageRun } from "./pages.ts";
import { startPolling } from "./polling.ts";
import { purge } from "./purge.ts";
import type { QueryBridge, QueryBridgeOptions } from "./query-bridge.ts";
import { createScheduler } from "./scheduler/scheduler.ts";
import type { MarkOptions } from "./scheduler/scheduling.ts";
import { createSignalReader } from "./signal-reader.ts";
import { createArrivalCounts } from "./state/arrivals.ts";
import { createLiveStates } from "./state/live-states.ts";

/** Pace in a hidden tab for queries with `hidden: "read"`. Random, because many tabs get the same signal. */
const hiddenPace = { gatherMs: 5_000, spacingMs: 30_000 };

/**
 * Connects a realtime client to a TanStack query client: queries bound with `live()` are fetched again when
 * their signals arrive. `RealtimeProvider` makes a bridge for React; call this for another framework. The
 * bridge does nothing until `attach` is called. Attach one bridge at a time per query client.
 *
 * @example
 * const bridge = createQueryBridge({ client, queryClient });
 * const detach = bridge.attach();
 */
export function createQueryBridge({
  client,
  queryClient,
  fetchesAtOnce,
  lateReadMs,
  clock = systemClock,
  random = Math.random,
  environment = browserEnvironment,
  ...polling
}: QueryBridgeOptions): QueryBridge {
  const { tracing } = client;
  const cache = queryClient.getQueryCache();
  const timers = createTimers(clock);
  const held = createHeldQueries((query) => scheduler.wake(query));
  const arrivals = createArrivalCounts();
  const ages = createKnownAge({ client, queryClient });
  /** Queries of which only the first page is stale. */
  const firstPageOnly = new Set<AnyQuery>();
  /** Queries with a signal since their last fetch. */
  const signalled = new Set<AnyQuery>();
  /** Causes of the next fetch by query. Recorded only while there is a trace listener. */
  const causes = new Map<AnyQuery, StaleCause[]>();
  const bindings = createBindings({
    retain: ({ channel, names }) =>
      client.subscribe(names === undefined ? channel : { channel, names }),
    bound: (query, added) => {
      if (ages.isUnknown(query, added)) markUnknown(query);
      states.changed();
    },
  });
  let fetches = 0;

  const isHidden = () => !environment.isVisible();

  const isWanted = (query: AnyQuery) =>
    (!isHidden() || isReadHidden(query.meta)) &&
    query.isActive() &&
    !query.isStatic() &&
    !held.has(query);

  const whyNot = (query: AnyQuery) => {
    if (held.has(query)) return "held";
    return isHidden() ? "hidden" : "inactive";
  };

  const scheduler = createScheduler<AnyQuery>({
    clock,
    random,
    ...(fetchesAtOnce !== undefined && { atOnce: fetchesAtOnce }),
    lateMs: lateReadMs,
    priorityOf: ({ meta }) => priorityOf(meta),
    paceOf: () =>
      isHidden()
        ? {
            gatherMs: hiddenPace.gatherMs * random(),
            spacingMs: hiddenPace.spacingMs * (0.5 + random()),
          }
        : undefined,
    isWanted,
    postpone: (query) => {
      tracing.emit?.({ type: "postponed", query: query.queryHash, because: whyNot(query) });
      // Marks it as stale in TanStack, too, for prefetches and refetches on focus.
      query.invalidate();
    },
    // State copied from another tab may have a wrong `fetchStatus`.
    isFetching: (query) => query.state.fetchStatus !== "idle" && query.promise !== undefined,
    fetch: (query) => {
      if (signalled.delete(query)) fetches += 1;
      const isFirst = firstPageOnly.has(query) && query.state.data !== undefined;
      const meta = isFirst ? { meta: startFirstPageRun(query) as object } : {};
      // The query has the error in its state, and the scheduler gets it by a cache event.
      query.fetch(undefined, { cancelRefetch: false, ...meta }).catch(() => {});
    },
    cancel: (query) => void query.cancel({ revert: true }),
    lagChanged: () => states.changed(),
  });
  const states = createLiveStates({ client, cache, bindings, scheduler });
  const mutations = createMutationRuns({
    clock,
    scheduler,
    findAll: (queryKeys) => findAll(queryKeys),
    isGone: (query) => cache.get(query.queryHash) !== query,
    mark: (query, options) => mark(query, { type: "mutation" }, options),
  });

  const mark = (
    query: AnyQuery,
    cause: StaleCause | undefined,
    options?: MarkOptions,
    isFirstPageOnly = false,
  ) => {
    if (!isFirstPageOnly) firstPageOnly.delete(query);
    else if (!scheduler.isMarked(query)) firstPageOnly.add(query);
    if (cause !== undefined && tracing.emit !== undefined) {
      causes.set(query, [...(causes.get(query) ?? []), cause]);
      tracing.emit({ type: "stale", query: query.queryHash, cause });
    }
    scheduler.mark(query, options);
    if (options?.isBehind) states.changed();
  };

  const signals = createSignalReader({
    ...{ client, bindings, scheduler, arrivals, mutations, mark },
    signalled: (query) => signalled.add(query),
  });

  const markUnknown = (query: AnyQuery, options?: MarkOptions) =>
    mark(query, { type: "unknown-age" }, { ...options, isBehind: true });

  const onCacheEvent = (event: QueryCacheNotifyEvent) => {
    const { query } = event;
    switch (event.type) {
      case "added":
        states.read(query);
        bindings.update(query);
        return scheduler.wake(query);
      case "observerAdded":
      case "observerRemoved":
      case "observerOptionsUpdated":
        bindings.update(query);
        if (event.type !== "observerOptionsUpdated") states.changed();
        return scheduler.wake(query);
      case "removed":
        bindings.remove(query);
        held.forget(query);
        firstPageOnly.delete(query);
        signalled.delete(query);
        causes.delete(query);
        arrivals.forget(query.queryHash);
        states.changed();
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
    if (action.type === "fetch") {
      // `fetchNextPage` does not refetch the pages before.
      const isWhole = action.meta?.fetchMore === undefined;
      if (isWhole) {
        arrivals.started(query.queryHash);
        ages.started(query);
      }
      scheduler.started(query, isWhole);
      tracing.emit?.({
        type: "fetch",
        query: query.queryHash,
        causes: (isWhole && causes.get(query)) || [],
      });
      if (isWhole) causes.delete(query);
    }
    // `manual`: set by `setQueryData`, not by a fetch.
    else if (action.type === "success" && !action.manual) {
      states.read(query);
      settled(query, "success");
      if (ages.succeeded(query)) onForeignData(query);
      // The viewer can read again, so that a denied channel has to be joined to get later signals.
      bindings.eachChannel(query, client.askAgain);
    } else if (action.type === "error") settled(query, "error");
    else if (action.type === "setState") onSetState(query, action.state);
  };

  const settled = (query: AnyQuery, outcome: "success" | "error" | "cancelled") => {
    tracing.emit?.({ type: "settled", query: query.queryHash, outcome });
    arrivals.settled(query.queryHash, outcome === "success");
    scheduler.settled(query, outcome);
    states.changed();
  };

  /** Handles a cancelled fetch, and state written from outside, e.g. by another tab or a persister. */
  const onSetState = (query: AnyQuery, state: { readonly dataUpdatedAt?: number }) => {
    const { promise } = query;
    // A fetch continues when other state is written, and rejects its promise when it is cancelled.
    promise?.catch((error: unknown) => {
      const isOver = query.promise === undefined || query.promise === promise;
      if (isOver && error instanceof CancelledError) settled(query, "cancelled");
    });
    if (state.dataUpdatedAt !== undefined) states.read(query);
    if (!bindings.has(query)) return;
    if (ages.isForeign(query, bindingsOf(query.meta))) onForeignData(query);
  };

  /** Data came from outside. It is removed if the query's channel is denied, else it is fetched again. */
  const onForeignData = (query: AnyQuery) => {
    const isDenied = states.of(query).status === "denied" && query.resetState.data === undefined;
    if (isDenied) return remove(undefined, query);
    // A running fetch will overwrite the data, so that it is enough.
    markUnknown(query, { since: Number.NEGATIVE_INFINITY });
  };

  const remove = (channel: string | undefined, query: AnyQuery) => {
    tracing.emit?.({ type: "purged", query: query.queryHash, channel });
    scheduler.forget(query);
    arrivals.forget(query.queryHash);
    ages.forget(query);
    purge(cache, query);
  };

  const findAll = (queryKeys: readonly QueryKey[]) =>
    queryKeys.flatMap((queryKey) => cache.findAll({ queryKey }));

  const attach = () => {
    const stops = [cache.subscribe(onCacheEvent)];
    for (const query of cache.getAll()) {
      states.read(query);
      bindings.update(query);
    }
    stops.push(
      // After the bindings, because `observe` calls back at once for events while the bridge was detached.
      client.observe({
        signal: (channel, signal, isKnown) => {
          ages.arrived(channel);
          signals.signal(channel, signal, isKnown);
        },
        gap: (channel) => {
          ages.arrived(channel);
          signals.gap(channel);
        },
        revoked: (channel) =>
          bindings.eachConcerned(channel, undefined, (query) => remove(channel, query)),
      }),
      client.onChannelStateChange(states.changed),
      client.onStateChange(states.changed),
      startPolling({
        ...{ states, bindings, timers, random, environment, ...polling },
        poll: (queries, isAttempt) => {
          tracing.emit?.({ type: "poll" });
          for (const query of queries) mark(query, { type: "poll" }, { isAttempt });
        },
      }),
      environment.listen(scheduler.wakeAll),
    );
    bridgeRegistry.set(queryClient, {
      hold: (queryKey) => held.hold(cache.findAll({ queryKey })),
      begin: mutations.begin,
    });
    states.changed();
    return () => {
      for (const stop of stops) stop();
      bridgeRegistry.delete(queryClient);
      for (const query of cache.getAll()) {
        if (bindings.has(query)) ages.paused(query, !scheduler.isMarked(query));
      }
      bindings.close();
      scheduler.close();
      timers.clear();
      held.clear();
      states.changed();
    };
  };

  return {
    attach,
    invalidate: (queryKeys) => {
      for (const query of findAll(queryKeys)) mark(query, { type: "asked" });
    },
    arrivals: {
      get: (queryHash) => arrivals.get(findQuery(cache, queryHash)?.queryHash ?? queryHash),
      onChange: arrivals.onChange,
      show: (queryHash) => {
        const query = findQuery(cache, queryHash);
        if (query !== undefined) mark(query, { type: "asked" });
      },
    },
    liveState: states.get,
    pageState: states.page,
    onLiveStateChange: states.onChange,
    counts: () => {
      const all = signals.count();
      return { signals: all, fetches, avoided: Math.max(0, all - fetches) };
    },
  };
}
