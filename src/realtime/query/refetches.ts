import type { Environment } from "../client/environment.ts";
import type { StaleCause, Tracing } from "../client/trace.ts";
import type { Clock } from "../protocol/clock.ts";
import type { AnyQuery } from "./binding/bindings.ts";
import { isReadHidden, priorityOf } from "./binding/live.ts";
import { entityRuleOf } from "./entities/entity-rule.ts";
import type { HeldQueries } from "./mutation/held-queries.ts";
import { startFirstPageRun } from "./pages.ts";
import { createScheduler } from "./scheduler/scheduler.ts";
import type { MarkOptions, Scheduler } from "./scheduler/scheduling.ts";

/** Pace in a hidden tab for queries with `hidden: "read"`. Random, because many tabs get the same signal. */
const hiddenPace = { gatherMs: 5_000, spacingMs: 30_000 };

export interface RefetchesOptions {
  readonly tracing: Tracing;
  readonly held: HeldQueries;
  readonly clock: Clock;
  readonly random: () => number;
  readonly environment: Environment;
  readonly fetchesAtOnce: number | undefined;
  readonly lateReadMs: number | undefined;
  /** Called when the lag of a query may have changed. */
  lagChanged(): void;
}

/** Marks queries as stale, and fetches them when the scheduler decides to. */
export interface Refetches {
  readonly scheduler: Scheduler<AnyQuery>;
  mark(
    query: AnyQuery,
    cause: StaleCause | undefined,
    options?: MarkOptions,
    isFirstPageOnly?: boolean,
  ): void;
  /** A signal made the query stale: its next fetch is counted. */
  signalled(query: AnyQuery): void;
  /** Returns and forgets the causes of the query's next fetch. Empty without a trace listener. */
  takeCauses(query: AnyQuery): readonly StaleCause[];
  /** Number of fetches that signals have caused. */
  count(): number;
  forget(query: AnyQuery): void;
}

export function createRefetches(options: RefetchesOptions): Refetches {
  const { tracing, held, clock, random, environment, fetchesAtOnce, lagChanged } = options;
  /** Queries of which only the first page is stale. */
  const firstPageOnly = new Set<AnyQuery>();
  /** Queries with a signal since their last fetch. */
  const signalled = new Set<AnyQuery>();
  const causes = new Map<AnyQuery, StaleCause[]>();
  let count = 0;

  const isHidden = () => !environment.isVisible();
  const whyNot = (query: AnyQuery) => {
    if (held.has(query)) return "held";
    return isHidden() ? "hidden" : "inactive";
  };

  const scheduler = createScheduler<AnyQuery>({
    clock,
    random,
    lagChanged,
    ...(fetchesAtOnce !== undefined && { atOnce: fetchesAtOnce }),
    lateMs: options.lateReadMs,
    priorityOf,
    paceOf: () =>
      isHidden()
        ? {
            gatherMs: hiddenPace.gatherMs * random(),
            spacingMs: hiddenPace.spacingMs * (0.5 + random()),
          }
        : undefined,
    isWanted: (query) =>
      (!isHidden() || isReadHidden(query)) &&
      query.isActive() &&
      !query.isStatic() &&
      !held.has(query),
    postpone: (query) => {
      tracing.emit?.({ type: "postponed", query: query.queryHash, because: whyNot(query) });
      // Marks it as stale in TanStack, too, for prefetches and refetches on focus.
      query.invalidate();
    },
    // State copied from another tab may have a wrong `fetchStatus`.
    isFetching: (query) => query.state.fetchStatus !== "idle" && query.promise !== undefined,
    isAwaited: (query) => entityRuleOf(query)?.isKeeping(query) ?? false,
    fetch: (query) => {
      if (signalled.delete(query)) count += 1;
      const isFirst = firstPageOnly.has(query) && query.state.data !== undefined;
      const meta = isFirst ? { meta: startFirstPageRun(query) as object } : {};
      // The query has the error in its state, and the scheduler gets it by a cache event.
      query.fetch(undefined, { cancelRefetch: false, ...meta }).catch(() => {});
    },
    cancel: (query) => void query.cancel({ revert: true }),
  });

  return {
    scheduler,
    mark: (query, cause, how, isFirstPageOnly = false) => {
      if (!isFirstPageOnly) firstPageOnly.delete(query);
      else if (!scheduler.isMarked(query)) firstPageOnly.add(query);
      if (cause !== undefined && tracing.emit !== undefined) {
        causes.set(query, [...(causes.get(query) ?? []), cause]);
        tracing.emit({ type: "stale", query: query.queryHash, cause });
      }
      scheduler.mark(query, how);
      if (how?.isBehind) lagChanged();
    },
    signalled: (query) => signalled.add(query),
    takeCauses: (query) => {
      const taken = causes.get(query) ?? [];
      causes.delete(query);
      return taken;
    },
    count: () => count,
    forget: (query) => {
      firstPageOnly.delete(query);
      signalled.delete(query);
      causes.delete(query);
      scheduler.forget(query);
    },
  };
}
