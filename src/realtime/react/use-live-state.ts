import { useMemo, useSyncExternalStore } from "react";
import type { LiveState } from "../query/state/live-state.ts";
import { useRealtime } from "./context.ts";
import { type QueryOrKey, useQueryHash } from "./use-query-hash.ts";

/**
 * Returns whether the data of one query is kept current, and when it was fetched:
 * `const { status, lastReadAtMs } = useLiveState(commentsQuery(ref))`. The status is `unbound` for a query
 * without `live()`.
 *
 * @param query its options or its key
 * @throws {Error} without a `RealtimeProvider` or a `QueryClientProvider` above
 */
export function useLiveState(query: QueryOrKey): LiveState {
  const { bridge } = useRealtime();
  const queryHash = useQueryHash(query);
  const get = () => bridge.liveState(queryHash);
  // A part of the page may be hydrated when the query is live already, but its HTML has the server's status. The time
  // belongs to the data, which `useQuery` gives as it is now, too.
  const rendered = useMemo(
    (): LiveState => ({ ...bridge.liveState(queryHash), status: "offline", reason: "idle" }),
    [bridge, queryHash],
  );
  return useSyncExternalStore(bridge.onLiveStateChange, get, () => rendered);
}
