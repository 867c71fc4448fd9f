import { createContext, useContext } from "react";
import type { RealtimeState } from "../client/connection/state.ts";
import type { RealtimeClient } from "../client/realtime-client.ts";
import type { QueryBridge } from "../query/query-bridge.ts";

/** The client and the bridge of a `RealtimeProvider`. */
export interface Realtime {
  readonly client: RealtimeClient;
  readonly bridge: QueryBridge;
  /** State for server rendering and hydration. */
  readonly initialState: RealtimeState;
}

export const RealtimeContext = createContext<Realtime | undefined>(undefined);

/**
 * Returns the client and the bridge, e.g. for `bridge.counts()` in telemetry.
 *
 * @throws {Error} without a `RealtimeProvider` above
 */
export function useRealtime(): Realtime {
  const realtime = useContext(RealtimeContext);
  if (realtime === undefined) {
    throw new Error(
      "No RealtimeProvider above this component. Put one inside QueryClientProvider.",
    );
  }
  return realtime;
}
