import type { RealtimeClient } from "../client/realtime-client.ts";
import type { Signal } from "../protocol/signal.ts";
import type { AnyQuery, Bindings } from "./binding/bindings.ts";
import type { KnownAge } from "./binding/known-age.ts";
import { pageRuleOf } from "./binding/live.ts";
import { entityRuleOf } from "./entities/entity-rule.ts";
import type { MutationRuns } from "./mutation/mutation-runs.ts";
import type { Refetches } from "./refetches.ts";
import type { ArrivalCounts } from "./state/arrivals.ts";

/**
 * After a gap, queries are fetched at a random time in this window, or in a quarter of the server's spread
 * if that is longer: other clients may have the same gap.
 */
const gapSpreadMs = 1_000;

export interface SignalReaderOptions {
  readonly client: RealtimeClient;
  readonly bindings: Bindings;
  readonly ages: Pick<KnownAge, "arrived">;
  readonly refetches: Refetches;
  readonly arrivals: Pick<ArrivalCounts, "add">;
  readonly mutations: Pick<MutationRuns, "find">;
}

/** Marks or counts queries by the signals and gaps of their channels. */
export interface SignalReader {
  signal(channel: string, signal: Signal, isKnown: boolean): void;
  gap(channel: string): void;
  /** Number of signals so far, counted once for each query bound to them. */
  count(): number;
}

export function createSignalReader(options: SignalReaderOptions): SignalReader {
  const { client, ages, bindings, refetches, arrivals, mutations } = options;
  const { scheduler, mark } = refetches;
  const { tracing } = client;
  let count = 0;
  return {
    count: () => count,
    signal: (channel, { name, id, origin, ids, rows }, isKnown) => {
      ages.arrived(channel);
      const own = origin === undefined ? undefined : mutations.find(origin);
      const traced = tracing.emit && { channel, name, id, origin };
      const trace = (
        type: "held" | "dropped-as-own" | "upserted" | "counted",
        { queryHash }: AnyQuery,
      ) => traced && tracing.emit?.({ type, query: queryHash, signal: traced });
      // An unknown name from a newer build: anything on the channel may have changed.
      bindings.eachConcerned(channel, isKnown ? name : undefined, (query) => {
        count += 1;
        if (own !== undefined) {
          if (own.since === undefined) {
            own.held.add(query);
            trace("held", query);
            return;
          }
          if (scheduler.hasRead(query, own.since)) {
            trace("dropped-as-own", query);
            return;
          }
        }
        const entity = entityRuleOf(query);
        if (rows && entity?.name === name && entity.upsert(query, rows)) {
          trace("upserted", query);
          return;
        }
        const rule = isKnown && own === undefined ? pageRuleOf(query, name) : undefined;
        if (rule === "count" && query.isActive() && query.state.data !== undefined) {
          trace("counted", query);
          return arrivals.add(query.queryHash, ids?.length);
        }
        refetches.signalled(query);
        const cause = traced && ({ type: "signal", signal: traced } as const);
        mark(query, cause, own && { since: own.since }, rule === "first");
      });
    },
    gap: (channel) => {
      ages.arrived(channel);
      const spreadMs = Math.max(gapSpreadMs, client.spreadMs(channel) / 4);
      bindings.eachConcerned(channel, undefined, (query) =>
        mark(query, { type: "gap", channel }, { spreadMs, isBehind: true }),
      );
    },
  };
}
