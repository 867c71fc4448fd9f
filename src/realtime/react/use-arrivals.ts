import { useCallback, useSyncExternalStore } from "react";
import type { Arrivals } from "../query/arrivals.ts";
import { useRealtime } from "./context.ts";
import { type QueryOrKey, useQueryHash } from "./use-query-hash.ts";

export interface ShownArrivals extends Arrivals {
  /** Reads the query. The count falls when what has arrived is shown, not before. */
  readonly show: () => void;
}

/**
 * What arrived for a query bound with `pages: countArrivals(…)`, for a button that says "3 new" and
 * shows them: `const { count, show } = useArrivals(query)`. It takes the options of
 * the query or its key.
 */
export function useArrivals(query: QueryOrKey): ShownArrivals {
  const { arrivals } = useRealtime().bridge;
  const queryHash = useQueryHash(query);
  const get = () => arrivals.get(queryHash);
  const current = useSyncExternalStore(arrivals.onChange, get, get);
  const show = useCallback(() => arrivals.show(queryHash), [arrivals, queryHash]);
  return { ...current, show };
}
