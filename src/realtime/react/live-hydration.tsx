import { type DehydratedState, HydrationBoundary, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { handOver } from "../query/binding/hand-over.ts";
import { useRealtime } from "./context.ts";

/** Props of {@link LiveHydration}. */
export interface LiveHydrationProps {
  /** Result of `dehydrate` for a query client that was filled with `prefetchLive`. */
  readonly state: DehydratedState;
  readonly children?: ReactNode;
}

/**
 * TanStack's `HydrationBoundary` for queries from `prefetchLive`: their channels start from the cursors of the
 * server, so that the browser does not fetch these queries again. Data for a channel that is already joined,
 * e.g. after a navigation, is fetched once.
 *
 * @throws {Error} without a `RealtimeProvider` or a `QueryClientProvider` above
 */
export function LiveHydration({ state, children }: LiveHydrationProps) {
  const { client } = useRealtime();
  const queryClient = useQueryClient();
  // During render, as hydration itself: when a query is mounted its meta is replaced, with the cursors in it.
  useMemo(() => handOver(client, queryClient, state), [client, queryClient, state]);
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}
