import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { createRealtimeClient } from "../client/client.ts";
import type { RealtimeClientOptions } from "../client/realtime-client.ts";
import { createQueryBridge } from "../query/bridge.ts";
import type { PollingSettings } from "../query/polling.ts";
import { RealtimeContext } from "./context.ts";

export interface RealtimeProviderProps extends PollingSettings {
  /**
   * How to reach signals. Read once; give the provider a `key` (the viewer's id) to start afresh when
   * somebody signs in or out.
   */
  readonly config: RealtimeClientOptions;
  /** How many queries are fetched at once where many became stale. Read once. Default 6. */
  readonly fetchesAtOnce?: number;
  /** How long a fetch may take before it is cancelled for a newer one, in ms. Read once. Default 30,000. */
  readonly lateReadMs?: number;
  readonly children?: ReactNode;
}

/**
 * Keeps the queries of the surrounding `QueryClientProvider` fresh: those bound with `live()` are
 * fetched again when their channels say so. Renders nothing of its own and does nothing on a server.
 *
 * It needs no clean-up: what its children subscribed to is released after the last of them, and the
 * connection closed with it, so that StrictMode's double mount opens one.
 */
export function RealtimeProvider({ config, children, ...settings }: RealtimeProviderProps) {
  const queryClient = useQueryClient();
  const [options] = useState({ ...config, ...settings });
  const [client] = useState(() => createRealtimeClient(options));
  const [initialState] = useState(client.getState);
  const realtime = useMemo(() => {
    const bridge = createQueryBridge({ ...options, client, queryClient });
    return { client, bridge, initialState };
  }, [options, client, queryClient, initialState]);
  useEffect(() => realtime.bridge.attach(), [realtime]);
  return <RealtimeContext.Provider value={realtime}>{children}</RealtimeContext.Provider>;
}
