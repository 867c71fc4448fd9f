import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { Environment } from "../client/environment.ts";
import type { RealtimeClient } from "../client/realtime-client.ts";
import type { Clock } from "../protocol/clock.ts";
import type { PollingSettings } from "./polling.ts";
import type { ArrivalCounts } from "./state/arrivals.ts";
import type { LiveState, PageState } from "./state/live-state.ts";

/** Options of `createQueryBridge`. */
export interface QueryBridgeOptions extends PollingSettings {
  readonly client: RealtimeClient;
  readonly queryClient: QueryClient;
  /** Maximum number of fetches that the bridge runs at the same time. Default 6. */
  readonly fetchesAtOnce?: number | undefined;
  /**
   * Time in ms after which a running fetch is cancelled if a newer one is wanted. It doubles with each failure
   * in a row, up to eight times. Default 30,000.
   */
  readonly lateReadMs?: number | undefined;
  /** Default: the clock of the system. */
  readonly clock?: Clock;
  /** Uniform in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Default: the page that the bridge runs in. */
  readonly environment?: Environment;
}

/** Signals and fetches since the bridge was made. */
export interface RefetchCounts {
  /** Signals, counted once for each query bound to them. */
  readonly signals: number;
  /** Fetches caused by signals. */
  readonly fetches: number;
  /** `signals − fetches`, at least 0: the fetches that coalescing has saved. */
  readonly avoided: number;
}

/** Fetches the queries of a query client after signals. Made by `createQueryBridge`. */
export interface QueryBridge {
  /** Starts the bridge. Returns a function that stops it. It may be started again. */
  attach(): () => void;
  /** Marks every query under these keys as stale. Mounted ones are fetched. */
  invalidate(queryKeys: readonly QueryKey[]): void;
  /** Counts for queries bound with `countArrivals`, by query hash. */
  readonly arrivals: Pick<ArrivalCounts, "get" | "onChange"> & {
    /** Fetches the query. The count falls when the fetch has succeeded. */
    show(queryHash: string): void;
  };
  /**
   * The state of a query, by its hash: `unbound` if it is not bound to a channel or not in the cache.
   * Returns the same object until the state changes.
   */
  liveState(queryHash: string): LiveState;
  /** The state of the page. Returns the same object until the state changes. */
  pageState(): PageState;
  /** Calls back after every change of `liveState` or `pageState`. Returns a function that stops it. */
  onLiveStateChange(listener: () => void): () => void;
  /** Counts for telemetry. */
  counts(): RefetchCounts;
}
