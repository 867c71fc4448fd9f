import { type DehydratedState, HydrationBoundary, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { handOver } from "../query/hand-over.ts";
import { useRealtime } from "./context.ts";

export interface LiveHydrationProps {
  /** What `dehydrate` made of a query client that was filled with `prefetchLive`. */
  readonly state: DehydratedState;
  readonly children?: ReactNode;
}

/**
 * TanStack's `HydrationBoundary`, and the channels of what it hydrates go on from where the server's
 * reads began. Data that arrives for a channel already followed, as on a navigation, is read once more.
 */
export function LiveHydration({ state, children }: LiveHydrationProps) {
  const { client } = useRealtime();
  const queryClient = useQueryClient();
  // In render, as hydration itself: once a query is in use its options, and with them its meta, are the
  // browser's own.
  useMemo(() => handOver(client, queryClient, state), [client, queryClient, state]);
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}
