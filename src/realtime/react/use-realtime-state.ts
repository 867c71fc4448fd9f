import { useSyncExternalStore } from "react";
import type { RealtimeState } from "../client/state.ts";
import { useRealtime } from "./context.ts";

/** How far the page can be trusted to be current, and since when: for an honest indicator. */
export function useRealtimeState(): RealtimeState {
  const { client, initialState } = useRealtime();
  return useSyncExternalStore(client.onStateChange, client.getState, () => initialState);
}
