import type { QueryCacheNotifyEvent, QueryClient, QueryKey } from "@tanstack/react-query";
import { type Clock, createTimers, systemClock } from "../client/clock.ts";
import { browserEnvironment, type Environment } from "../client/environment.ts";
import type { RealtimeClient } from "../client/realtime-client.ts";
import type { StaleCause } from "../client/trace.ts";
import type { Signal } from "../protocol/signal.ts";
import { type ArrivalCounts, createArrivalCounts } from "./arrivals.ts";
import { attached, type MutationRun } from "./attached.ts";
import { type AnyQuery, createBindings } from "./bindings.ts";
import { createHolds } from "./holds.ts";
import { pageRuleOf, priorityOf } from "./live.ts";
import { createOwnMutations, type OwnMutation } from "./own-mutations.ts";
import { firstPageRun } from "./pages.ts";
import { startPolling } from "./polling.ts";
import { createScheduler, type MarkOptions, type Moment } from "./scheduler.ts";

/**
 * What a gap made stale is read at a random moment within this time, or within a quarter of what the
 * server says that its audience needs: others have the same gap, and have been spread on the way to it.
 */
const gapSpreadMs = 1_000;

export interface QueryBridgeOptions {
  readonly client: RealtimeClient;
  readonly queryClient: QueryClient;
  /** How many queries are fetched at once where many became stale. Default 6. */
  readonly fetchesAtOnce?: number | undefined;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly environment?: Environment;
}

/** What signals cost so far. */
export interface RefetchCounts {
  /** Signals, once for each query they concern: what would be fetched if every signal were. */
  readonly signals: number;
  /** Fetches that were made because of signals. */
  readonly fetches: number;
  /** `signals − fetches`. */
  readonly avoided: number;
}

/** Carries signals to queries: which channels are wanted, which queries are stale, when they are read. */
export interface QueryBridge {
  /** Starts; hands back what stops it. May be started again. */
  attach(): () => void;
  /** Makes every query under these keys stale, and read again if somebody looks at it. */
  invalidate(queryKeys: readonly QueryKey[]): void;
  /** For queries whose policy is to count: what arrived, by the hash of the query. */
  readonly arrivals: Pick<ArrivalCounts, "get" | "onChange"> & {
    /** Reads the query, and so shows what has arrived. */
    show(queryHash: string): void;
  };
  counts(): RefetchCounts;
}

export function createQueryBridge({
  client,
  queryClient,
  fetchesAtOnce,
  clock = systemClock,
  random = Math.random,
  environment = browserEnvironment,
}: QueryBridgeOptions): QueryBridge {
  const { tracing } = client;
  const cache = queryClient.getQueryCache();
  const timers = createTimers(clock);
  const holds = createHolds((query) => scheduler.wake(query));
  const ownMutations = createOwnMutations(clock);
  const arrivals = createArrivalCounts();
  /** Stale for nothing but what can be seen on their first page. */
  const firstPageOnly = new Set<AnyQuery>();
  /** Signalled, and not yet fetched for it. */
  const signalled = new Set<AnyQuery>();
  /** What the next fetch will be for; kept only while somebody listens. */
  const causes = new Map<AnyQuery, StaleCause[]>();
  const bindings = createBindings(({ channel, names }) =>
    client.subscribe(names === undefined ? channel : { channel, names }),
  );
  let signals = 0;
  let fetches = 0;

  const isWanted = (query: AnyQuery) =>
    environment.isVisible() && query.isActive() && !query.isStatic() && !holds.has(query);

  const whyNot = (query: AnyQuery) => {
    if (holds.has(query)) return "held";
    return environment.isVisible() ? "inactive" : "hidden";
  };

  const scheduler = createScheduler<AnyQuery>({
    clock,
    random,
    ...(fetchesAtOnce !== undefined && { atOnce: fetchesAtOnce }),
    priorityOf: ({ meta }) => priorityOf(meta),
    isWanted,
    postpone: (query) => {
      tracing.emit?.({ type: "postponed", query: query.queryHash, because: whyNot(query) });
      // Nobody looks: TanStack must know as well, for prefetches and for its own refetch on focus.
      query.invalidate();
    },
    isFetching: (query) => query.state.fetchStatus !== "idle",
    fetch: (query) => {
      if (signalled.delete(query)) fetches += 1;
      const isFirst = firstPageOnly.has(query) && query.state.data !== undefined;
      const meta = isFirst ? { meta: firstPageRun() as object } : {};
      // Failures are the query's own to show; the scheduler hears of them from the cache.
      query.fetch(undefined, { cancelRefetch: false, ...meta }).catch(() => {});
    },
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
  };

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
        holds.forget(query);
        firstPageOnly.delete(query);
        signalled.delete(query);
        causes.delete(query);
        arrivals.forget(query.queryHash);
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
      // One more page of an infinite query tells nothing about the pages before it.
      const isWhole = action.meta?.fetchMore === undefined;
      if (isWhole) arrivals.started(query.queryHash);
      scheduler.started(query, isWhole);
      tracing.emit?.({
        type: "fetch",
        query: query.queryHash,
        causes: (isWhole && causes.get(query)) || [],
      });
      if (isWhole) causes.delete(query);
    }
    // An optimistic update is data, but not an answer of the server.
    else if (action.type === "success" && !action.manual) {
      settled(query, "success");
      // It may be read, so a channel that was denied may be heard again; else what follows is missed.
      bindings.eachChannel(query, client.askAgain);
    } else if (action.type === "error") settled(query, "error");
    else if (action.type === "setState" && query.state.fetchStatus === "idle") {
      settled(query, "cancelled");
    }
  };

  const settled = (query: AnyQuery, outcome: "success" | "error" | "cancelled") => {
    tracing.emit?.({ type: "settled", query: query.queryHash, outcome });
    arrivals.settled(query.queryHash, outcome === "success");
    scheduler.settled(query, outcome);
  };

  const onSignal = (channel: string, signal: Signal, isKnown: boolean) => {
    const { name, id, origin, ids } = signal;
    const own = origin === undefined ? undefined : ownMutations.find(origin);
    const traced = tracing.emit && { channel, name, id, origin };
    // A name from a newer build: something changed, and it cannot be told what.
    bindings.eachConcerned(channel, isKnown ? name : undefined, (query) => {
      const { queryHash } = query;
      signals += 1;
      if (own !== undefined) {
        if (own.since === undefined) {
          own.held.add(query);
          if (traced) tracing.emit?.({ type: "held", query: queryHash, signal: traced });
          return;
        }
        if (scheduler.hasRead(query, own.since)) {
          if (traced) tracing.emit?.({ type: "dropped-as-own", query: queryHash, signal: traced });
          return;
        }
      }
      const rule = isKnown && own === undefined ? pageRuleOf(query.meta, name) : undefined;
      if (rule === "count" && query.isActive() && query.state.data !== undefined) {
        if (traced) tracing.emit?.({ type: "counted", query: queryHash, signal: traced });
        return arrivals.add(queryHash, ids?.length);
      }
      signalled.add(query);
      const cause = traced && ({ type: "signal", signal: traced } as const);
      mark(query, cause, own, rule === "first");
    });
  };

  const onGap = (channel: string) => {
    const spreadMs = Math.max(gapSpreadMs, client.spreadMs(channel) / 4);
    bindings.eachConcerned(channel, undefined, (query) =>
      mark(query, { type: "gap", channel }, { spreadMs }),
    );
  };

  /**
   * Takes data away that may no longer be seen. A query somebody looks at becomes as it was before its
   * first read, and is read once more: that read tells what may be seen now, and its refusal stands.
   */
  const purge = (channel: string, query: AnyQuery) => {
    tracing.emit?.({ type: "purged", query: query.queryHash, channel });
    if (!query.getObserversCount()) return cache.remove(query);
    scheduler.forget(query);
    arrivals.forget(query.queryHash);
    if (query.state.data === undefined) return;
    query.reset();
    if (!query.isActive()) return;
    query.fetch().catch(() => {});
  };

  const poll = () => {
    tracing.emit?.({ type: "poll" });
    for (const query of bindings.active()) mark(query, { type: "poll" });
  };

  const begin = (): MutationRun => {
    const own: OwnMutation = { since: undefined, settledAtMs: 0, held: new Set() };
    let since: Moment | undefined;
    return {
      recognise: (publishedOrigin) => ownMutations.add(publishedOrigin, own),
      answered: () => {
        since = scheduler.moment();
      },
      settle: (queryKeys) => {
        own.since = since ?? scheduler.moment();
        own.settledAtMs = clock.now();
        for (const query of findAll(queryKeys)) own.held.add(query);
        for (const query of own.held) {
          const isGone = cache.get(query.queryHash) !== query;
          if (isGone || scheduler.hasRead(query, own.since)) continue;
          mark(query, { type: "mutation" }, own);
        }
        own.held.clear();
      },
    };
  };

  const findAll = (queryKeys: readonly QueryKey[]) =>
    queryKeys.flatMap((queryKey) => cache.findAll({ queryKey }));

  return {
    attach: () => {
      const stops = [
        cache.subscribe(onCacheEvent),
        client.observe({
          signal: onSignal,
          gap: onGap,
          revoked: (channel) =>
            bindings.eachConcerned(channel, undefined, (query) => purge(channel, query)),
        }),
        startPolling({ client, timers, random, poll }),
        environment.listen(scheduler.wakeAll),
      ];
      for (const query of cache.getAll()) bindings.update(query);
      attached.set(queryClient, {
        hold: (queryKey) => holds.hold(cache.findAll({ queryKey })),
        begin,
      });
      return () => {
        for (const stop of stops) stop();
        attached.delete(queryClient);
        bindings.close();
        scheduler.close();
        timers.clear();
        holds.clear();
      };
    },
    invalidate: (queryKeys) => {
      for (const query of findAll(queryKeys)) mark(query, { type: "asked" });
    },
    arrivals: {
      ...arrivals,
      show: (queryHash) => {
        const query = cache.get(queryHash);
        if (query !== undefined) mark(query, { type: "asked" });
      },
    },
    counts: () => ({ signals, fetches, avoided: Math.max(0, signals - fetches) }),
  };
}
