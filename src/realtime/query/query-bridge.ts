import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { Clock } from "../client/clock.ts";
import type { Environment } from "../client/environment.ts";
import type { RealtimeClient } from "../client/realtime-client.ts";
import type { ArrivalCounts } from "./arrivals.ts";
import type { LiveState, PageState } from "./live-state.ts";
import type { PollingSettings } from "./polling.ts";

export interface QueryBridgeOptions extends PollingSettings {
  readonly client: RealtimeClient;
  readonly queryClient: QueryClient;
  /** How many queries are fetched at once where many became stale. Default 6. */
  readonly fetchesAtOnce?: number | undefined;
  /**
   * How long a fetch may take before it is cancelled for a newer one, in ms; twice as long after each
   * failure in a row, up to eight times. Default 30,000.
   */
  readonly lateReadMs?: number | undefined;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly environment?: Environment;
}

/** What signals cost so far. */
export interface RefetchCounts {
  /** Signals, once for each query they concern: what would be fetched if every signal were. */
  readonly signals: number;
  /** Fetches that were made because of signals. */
  readonly fetches: number;
  /** `signals − fetches`. */
  readonly avoided: number;
}

/** Carries signals to queries: which channels are wanted, which queries are stale, when they are read. */
export interface QueryBridge {
  /** Starts the bridge. Returns a function that stops it. It may be started again. */
  attach(): () => void;
  /** Makes every query under these keys stale, and read again if a component shows it. */
  invalidate(queryKeys: readonly QueryKey[]): void;
  /** For queries whose policy is to count: what arrived, by the hash of the query. */
  readonly arrivals: Pick<ArrivalCounts, "get" | "onChange"> & {
    /** Reads the query, and so shows what has arrived. */
    show(queryHash: string): void;
  };
  /**
   * How far what the query shows can be trusted, by its hash; `unbound` for a query that is bound to no
   * channel or is not in the cache. The object keeps its identity until the state changes.
   */
  liveState(queryHash: string): LiveState;
  /** The worst of what the page shows, and keeps its identity until it changes. */
  pageState(): PageState;
  /** Calls back after every change of `liveState` or `pageState`. Returns a function that stops it. */
  onLiveStateChange(listener: () => void): () => void;
  counts(): RefetchCounts;
}
