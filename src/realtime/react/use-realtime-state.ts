import { useSyncExternalStore } from "react";
import type { PageState } from "../query/state/live-state.ts";
import { useRealtime } from "./context.ts";

/**
 * Returns the state of the page, e.g. for an indicator: that of the connection, or `partly-live` with the
 * mounted queries that are not live. `useLiveState` returns the state of one query.
 *
 * @throws {Error} without a `RealtimeProvider` above
 */
export function useRealtimeState(): PageState {
  const { bridge, initialState } = useRealtime();
  return useSyncExternalStore(bridge.onLiveStateChange, bridge.pageState, () => initialState);
}
