import { useQueryClient } from "@tanstack/react-query";
import { useRealtime } from "querycast/react";
import { useSyncExternalStore } from "react";

/** When a query on the page was last fetched, in ms since 1970; 0 for never. */
export function useLastRead(): number {
  const { bridge } = useRealtime();
  const cache = useQueryClient().getQueryCache();
  const latest = () => {
    const times = cache
      .getAll()
      .filter((query) => query.isActive())
      .map(({ queryHash }) => bridge.liveState(queryHash).lastReadAtMs ?? 0);
    return Math.max(0, ...times);
  };
  return useSyncExternalStore(bridge.onLiveStateChange, latest, () => 0);
}
