import { createContext, useContext } from "react";
import type { RealtimeClient } from "../client/realtime-client.ts";
import type { RealtimeState } from "../client/state.ts";
import type { QueryBridge } from "../query/query-bridge.ts";

/** What a provider made. */
export interface Realtime {
  readonly client: RealtimeClient;
  readonly bridge: QueryBridge;
  /** What the server rendered with; hydration starts from it. */
  readonly initialState: RealtimeState;
}

export const RealtimeContext = createContext<Realtime | undefined>(undefined);

/**
 * The client and the bridge themselves, e.g. for `bridge.counts()` in telemetry.
 *
 * @throws without a provider above
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
