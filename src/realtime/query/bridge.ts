import type { QueryKey } from "@tanstack/react-query";
import { browserEnvironment } from "../client/environment.ts";
import { createTimers, systemClock } from "../protocol/clock.ts";
import { type AnyQuery, createBindings } from "./binding/bindings.ts";
import { findQuery } from "./binding/find-query.ts";
import { createKnownAge } from "./binding/known-age.ts";
import { bridgeRegistry } from "./bridge-registry.ts";
import { onCacheEvents } from "./cache-events.ts";
import { entityRuleOf } from "./entities/entity-rule.ts";
import { createHeldQueries } from "./mutation/held-queries.ts";
import { createMutationRuns } from "./mutation/mutation-runs.ts";
import { startPolling } from "./polling.ts";
import { purge } from "./purge.ts";
import type { QueryBridge, QueryBridgeOptions } from "./query-bridge.ts";
import { createRefetches } from "./refetches.ts";
import type { MarkOptions } from "./scheduler/scheduling.ts";
import { createSignalReader } from "./signal-reader.ts";
import { createArrivalCounts } from "./state/arrivals.ts";
import { createLiveStates } from "./state/live-states.ts";

/**
 * Connects a realtime client to a TanStack query client: queries bound with `live()` are fetched again when
 * their signals arrive. `RealtimeProvider` makes a bridge for React; call this for another framework. The
 * bridge does nothing until `attach` is called. Attach one bridge at a time per query client.
 *
 * @example
 * const bridge = createQueryBridge({ client, queryClient });
 * const detach = bridge.attach();
 */
export function createQueryBridge(options: QueryBridgeOptions): QueryBridge {
  const { client, queryClient, clock = systemClock, random = Math.random } = options;
  const { environment = browserEnvironment, fetchesAtOnce, lateReadMs } = options;
  const { tracing } = client;
  const cache = queryClient.getQueryCache();
  const timers = createTimers(clock);
  const isGone = (query: AnyQuery) => cache.get(query.queryHash) !== query;
  const arrivals = createArrivalCounts();
  const ages = createKnownAge({ client, queryClient });
  const held = createHeldQueries((query) => scheduler.wake(query));
  const refetches = createRefetches({
    tracing,
    held,
    clock,
    random,
    environment,
    fetchesAtOnce,
    lateReadMs,
    lagChanged: () => states.changed(),
  });
  const { scheduler, mark } = refetches;
  const bindings = createBindings({
    retain: ({ channel, names }) =>
      client.subscribe(names === undefined ? channel : { channel, names }),
    bound: (query, added) => {
      if (ages.isUnknown(query, added)) markUnknown(query);
      states.changed();
    },
  });
  const states = createLiveStates({ client, cache, bindings, scheduler });
  const findAll = (queryKeys: readonly QueryKey[]) =>
    queryKeys.flatMap((queryKey) => cache.findAll({ queryKey }));
  const mutations = createMutationRuns({
    clock,
    scheduler,
    findAll,
    isGone,
    mark: (query, options) => mark(query, { type: "mutation" }, options),
  });
  const signals = createSignalReader({
    client,
    ages,
    bindings,
    refetches,
    arrivals,
    mutations,
  });

  const markUnknown = (query: AnyQuery, options?: MarkOptions) =>
    mark(query, { type: "unknown-age" }, { ...options, isBehind: true });

  const remove = (channel: string | undefined, query: AnyQuery) => {
    tracing.emit?.({ type: "purged", query: query.queryHash, channel });
    scheduler.forget(query);
    arrivals.forget(query.queryHash);
    ages.forget(query);
    entityRuleOf(query)?.forget(query);
    purge(cache, query);
  };

  const onCacheEvent = onCacheEvents({
    client,
    ages,
    arrivals,
    bindings,
    held,
    refetches,
    states,
    markUnknown,
    remove: (query) => remove(undefined, query),
    isGone,
  });

  const attach = () => {
    const stops = [cache.subscribe(onCacheEvent)];
    for (const query of cache.getAll()) {
      states.read(query);
      bindings.update(query);
    }
    stops.push(
      // After the bindings, because `observe` calls back at once for events while the bridge was detached.
      client.observe({
        signal: signals.signal,
        gap: signals.gap,
        revoked: (channel) =>
          bindings.eachConcerned(channel, undefined, (query) => remove(channel, query)),
      }),
      client.onChannelStateChange(states.changed),
      client.onStateChange(states.changed),
      startPolling({
        ...options,
        states,
        bindings,
        timers,
        random,
        environment,
        poll: (queries, isAttempt) => {
          tracing.emit?.({ type: "poll" });
          for (const query of queries) mark(query, { type: "poll" }, { isAttempt });
        },
      }),
      environment.listen(scheduler.wakeAll),
    );
    bridgeRegistry.set(queryClient, {
      hold: (queryKey) => held.hold(findAll([queryKey])),
      begin: mutations.begin,
    });
    states.changed();
    return () => {
      for (const stop of stops) stop();
      bridgeRegistry.delete(queryClient);
      for (const query of cache.getAll()) {
        const entities = entityRuleOf(query);
        const isAnswered = !scheduler.isMarked(query) && !entities?.isKeeping(query);
        if (bindings.has(query)) ages.paused(query, isAnswered);
        // Rights may end while the bridge is detached.
        entities?.forget(query);
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
      const fetches = refetches.count();
      return { signals: all, fetches, avoided: Math.max(0, all - fetches) };
    },
  };
}
