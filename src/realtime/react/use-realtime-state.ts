import { useSyncExternalStore } from "react";
import type { PageState } from "../query/live-state.ts";
import { useRealtime } from "./context.ts";

/**
 * The worst of what the page shows: the state of the connection, or `partly-live` with the queries that
 * are not live. For an indicator; `useLiveState` has the state of one query.
 */
export function useRealtimeState(): PageState {
  const { bridge, initialState } = useRealtime();
  return useSyncExternalStore(bridge.onLiveStateChange, bridge.pageState, () => initialState);
}
