import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { signalLogKeys } from "./keys.ts";
import type {
  LogState,
  PoisonedList,
  SignalFilter,
  SignalList,
  SkippedRows,
  Trace,
} from "./schema.ts";

export const signalsQuery = ({ minutes, ...filter }: SignalFilter) =>
  infiniteQueryOptions({
    queryKey: signalLogKeys.list({ minutes, ...filter }),
    queryFn: ({ pageParam, signal }) =>
      fetchJson<SignalList>(
        withParams("/api/admin/signals", {
          ...filter,
          minutes: minutes?.toString(),
          before: pageParam,
        }),
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const logStateQuery = queryOptions({
  queryKey: signalLogKeys.state,
  queryFn: ({ signal }) => fetchJson<LogState>("/api/admin/signals/state", signal),
  refetchInterval: 2_000,
});

export const poisonedQuery = queryOptions({
  queryKey: signalLogKeys.poisoned,
  queryFn: ({ signal }) => fetchJson<PoisonedList>("/api/admin/signals/poisoned", signal),
  refetchInterval: 10_000,
});

export const skippedQuery = queryOptions({
  queryKey: signalLogKeys.skipped,
  queryFn: ({ signal }) => fetchJson<readonly SkippedRows[]>("/api/admin/signals/skipped", signal),
  refetchInterval: 30_000,
});

/** Refetched until the signal is delivered. */
export const traceQuery = (place: string) =>
  queryOptions({
    queryKey: signalLogKeys.trace(place),
    queryFn: ({ signal }) =>
      fetchJson<Trace>(withParams("/api/admin/signals/trace", { place }), signal),
    refetchInterval: ({ state }) =>
      state.data?.status === "pending" && state.data.mode === "broker" ? 1_000 : false,
  });
