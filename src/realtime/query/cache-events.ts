import { CancelledError, type QueryCacheNotifyEvent } from "@tanstack/react-query";
import type { RealtimeClient } from "../client/realtime-client.ts";
import type { AnyQuery, Bindings } from "./binding/bindings.ts";
import type { KnownAge } from "./binding/known-age.ts";
import { bindingsOf } from "./binding/live.ts";
import { entityRuleOf } from "./entities/entity-rule.ts";
import type { HeldQueries } from "./mutation/held-queries.ts";
import type { Refetches } from "./refetches.ts";
import type { MarkOptions, Outcome } from "./scheduler/scheduling.ts";
import type { ArrivalCounts } from "./state/arrivals.ts";
import type { LiveStates } from "./state/live-states.ts";

export interface CacheEventsOptions {
  readonly client: RealtimeClient;
  readonly ages: KnownAge;
  readonly arrivals: ArrivalCounts;
  readonly bindings: Bindings;
  readonly held: HeldQueries;
  readonly refetches: Refetches;
  readonly states: LiveStates;
  /** Marks a query whose data is of unknown age. */
  markUnknown(query: AnyQuery, options?: MarkOptions): void;
  /** Removes the data of the query. */
  remove(query: AnyQuery): void;
  /** Whether the query was removed from the cache. */
  isGone(query: AnyQuery): boolean;
}

type Action = Extract<QueryCacheNotifyEvent, { type: "updated" }>["action"];

/** Returns a listener for the query cache, which keeps the bridge's bindings, fetches and states current. */
export function onCacheEvents(options: CacheEventsOptions): (event: QueryCacheNotifyEvent) => void {
  const { client, ages, arrivals, bindings, held, refetches, states } = options;
  const { scheduler } = refetches;
  const { tracing } = client;

  const onFetch = (query: AnyQuery, isWhole: boolean) => {
    if (isWhole) {
      arrivals.started(query.queryHash);
      ages.started(query);
    }
    scheduler.started(query, isWhole);
    entityRuleOf(query)?.started(query);
    const causes = isWhole ? refetches.takeCauses(query) : [];
    tracing.emit?.({ type: "fetch", query: query.queryHash, causes });
  };

  const onSettled = (query: AnyQuery, outcome: Outcome) => {
    tracing.emit?.({ type: "settled", query: query.queryHash, outcome });
    arrivals.settled(query.queryHash, outcome === "success");
    scheduler.settled(query, outcome);
    // E.g. after a first fetch that failed.
    if (entityRuleOf(query)?.settled(query) === false) {
      refetches.signalled(query);
      refetches.mark(query, { type: "kept-rows" });
    }
    states.changed();
  };

  /** Data came from outside. It is removed if the query's channel is denied, else it is fetched again. */
  const onForeignData = (query: AnyQuery) => {
    const isDenied = states.of(query).status === "denied" && query.resetState.data === undefined;
    if (isDenied) return options.remove(query);
    // A running fetch will overwrite the data, so that it is enough.
    options.markUnknown(query, { since: Number.NEGATIVE_INFINITY });
  };

  /** Handles a cancelled fetch, and state written from outside, e.g. by another tab or a persister. */
  const onSetState = (query: AnyQuery, state: { readonly dataUpdatedAt?: number }) => {
    const { promise } = query;
    // A fetch continues when other state is written, and rejects its promise when it is cancelled.
    promise?.catch((error: unknown) => {
      const isOver = query.promise === undefined || query.promise === promise;
      if (isOver && error instanceof CancelledError) onSettled(query, "cancelled");
    });
    if (state.dataUpdatedAt !== undefined) states.read(query);
    if (!bindings.has(query)) return;
    if (ages.isForeign(query, bindingsOf(query))) onForeignData(query);
  };

  const onAction = (query: AnyQuery, action: Action) => {
    // `fetchNextPage` does not refetch the pages before.
    if (action.type === "fetch") onFetch(query, action.meta?.fetchMore === undefined);
    // `manual`: set by `setQueryData`, not by a fetch.
    else if (action.type === "success" && !action.manual) {
      states.read(query);
      onSettled(query, "success");
      if (ages.succeeded(query, bindingsOf(query))) onForeignData(query);
      // The viewer can read again, so that a denied channel has to be joined to get later signals.
      bindings.eachChannel(query, client.askAgain);
    } else if (action.type === "error") onSettled(query, "error");
    else if (action.type === "setState") onSetState(query, action.state);
  };

  return (event) => {
    const { query } = event;
    // The observers of a removed query and its running fetch still report to the cache.
    if (event.type !== "removed" && options.isGone(query)) return;
    switch (event.type) {
      case "removed":
        bindings.remove(query);
        held.forget(query);
        arrivals.forget(query.queryHash);
        entityRuleOf(query)?.forget(query);
        states.changed();
        return refetches.forget(query);
      case "updated":
        return onAction(query, event.action);
      case "observerResultsUpdated":
        return;
      default: // the query was added, or an observer was added, removed or given other options
        if (event.type === "added") states.read(query);
        bindings.update(query);
        if (event.type !== "observerOptionsUpdated") states.changed();
        scheduler.wake(query);
    }
  };
}
