import { useQueryClient } from "@tanstack/react-query";
import { useRealtime } from "querycast/react";
import { useCallback, useSyncExternalStore } from "react";

const none: readonly string[] = [];

/**
 * When the queries on the page were fetched, in ms since 1970; 0 for never.
 *
 * @param which the fetch of the query that was fetched last, or of the one that was not fetched for longest
 * @param except queries that do not count, by the first part of their key
 */
export function useLastRead(which: "latest" | "oldest", except = none): number {
  const { bridge } = useRealtime();
  const cache = useQueryClient().getQueryCache();
  const get = () => {
    const times = cache
      .getAll()
      .filter((query) => query.isActive() && !except.includes(String(query.queryKey[0])))
      .map(({ queryHash }) => bridge.liveState(queryHash).lastReadAtMs ?? 0)
      .filter((atMs) => atMs > 0);
    if (times.length === 0) return 0;
    return which === "latest" ? Math.max(...times) : Math.min(...times);
  };
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [bridge.onLiveStateChange(listener), cache.subscribe(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    [bridge, cache],
  );
  return useSyncExternalStore(subscribe, get, () => 0);
}
