import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { createRealtimeClient } from "../client/client.ts";
import type { RealtimeClientOptions } from "../client/realtime-client.ts";
import { createQueryBridge } from "../query/bridge.ts";
import type { PollingSettings } from "../query/polling.ts";
import { RealtimeContext } from "./context.ts";

/** Props of {@link RealtimeProvider}. Only `children` and `session` may change later; other props are read once. */
export interface RealtimeProviderProps extends PollingSettings {
  /** Options of the client. Use the viewer's id as `key` of the provider, to make a new client on sign-in. */
  readonly config: RealtimeClientOptions;
  /**
   * Another value replaces the client, and keeps the children mounted: the same viewer has signed in again after the
   * session had ended.
   */
  readonly session?: number;
  /** Maximum number of fetches caused by signals at the same time. Default 6. */
  readonly fetchesAtOnce?: number;
  /** Time in ms after which a running fetch is cancelled if a newer one is wanted. Default 30,000. */
  readonly lateReadMs?: number;
  readonly children?: ReactNode;
}

/**
 * Fetches the queries of the surrounding `QueryClientProvider` that are bound with `live()` after their
 * signals. Opens no connection on a server.
 *
 * The connection is closed 3 s after the last subscription has ended, so that StrictMode's double mount opens
 * only one.
 *
 * @throws {Error} without a `QueryClientProvider` above
 *
 * @example
 * <QueryClientProvider client={queryClient}>
 *   <RealtimeProvider key={viewerId} config={{ channels, transport: pusher({ key, host }) }}>
 *     {children}
 *   </RealtimeProvider>
 * </QueryClientProvider>
 */
export function RealtimeProvider({
  config,
  session,
  children,
  ...settings
}: RealtimeProviderProps) {
  const queryClient = useQueryClient();
  const [options] = useState({ ...config, ...settings });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a client whose session has ended cannot connect again
  const client = useMemo(() => createRealtimeClient(options), [options, session]);
  const realtime = useMemo(() => {
    const bridge = createQueryBridge({ ...options, client, queryClient });
    return { client, bridge, initialState: client.getState() };
  }, [options, client, queryClient]);
  useEffect(() => realtime.bridge.attach(), [realtime]);
  return <RealtimeContext.Provider value={realtime}>{children}</RealtimeContext.Provider>;
}
