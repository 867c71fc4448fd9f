import { useCallback, useSyncExternalStore } from "react";
import { type Arrivals, none } from "../query/state/arrivals.ts";
import { useRealtime } from "./context.ts";
import { type QueryOrKey, useQueryHash } from "./use-query-hash.ts";

/** Result of {@link useArrivals}. */
export interface ShownArrivals extends Arrivals {
  /** Fetches the query. The count falls when the fetch has succeeded. The function does not change. */
  readonly show: () => void;
}

/**
 * Returns the number of changes for a query bound with `pages: countArrivals(…)`, and a function that shows
 * them, e.g. for a button "3 new".
 *
 * @param query its options or its key
 * @throws {Error} without a `RealtimeProvider` or a `QueryClientProvider` above
 */
export function useArrivals(query: QueryOrKey): ShownArrivals {
  const { arrivals } = useRealtime().bridge;
  const queryHash = useQueryHash(query);
  const get = () => arrivals.get(queryHash);
  const current = useSyncExternalStore(arrivals.onChange, get, () => none);
  const show = useCallback(() => arrivals.show(queryHash), [arrivals, queryHash]);
  return { ...current, show };
}
