import { useSyncExternalStore } from "react";
import type { LiveState } from "../query/live-state.ts";
import { useRealtime } from "./context.ts";
import { type QueryOrKey, useQueryHash } from "./use-query-hash.ts";

/**
 * How far what one query shows can be trusted to be current, and when it was last read:
 * `const { status, lastReadAtMs } = useLiveState(commentsQuery(ref))`. `unbound` for a query without `live()`.
 */
export function useLiveState(query: QueryOrKey): LiveState {
  const { bridge } = useRealtime();
  const queryHash = useQueryHash(query);
  const get = () => bridge.liveState(queryHash);
  return useSyncExternalStore(bridge.onLiveStateChange, get, get);
}
