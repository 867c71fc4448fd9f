import { dehydrate, QueryClient, type QueryFunction, type QueryKey } from "@tanstack/react-query";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import type { ReactNode } from "react";
import { pageCursors } from "../page-cursors.ts";

interface PrefetchedQuery {
  readonly queryKey: QueryKey;
  readonly queryFn: QueryFunction;
}

/** Reads queries on the server, and passes their results with their cursors to the components inside. */
export async function Prefetched({
  queries,
  children,
}: {
  queries: readonly PrefetchedQuery[];
  children: ReactNode;
}) {
  const queryClient = new QueryClient();
  const cursors = pageCursors();
  await Promise.all(queries.map((query) => prefetchLive(queryClient, query, { cursors })));
  return <LiveHydration state={dehydrate(queryClient)}>{children}</LiveHydration>;
}
