import type {
  FetchInfiniteQueryOptions,
  FetchQueryOptions,
  QueryClient,
  QueryKey,
} from "@tanstack/react-query";
import { bindingsOf, withCursors } from "./live.ts";

export interface PrefetchLiveOptions {
  /** Where the log stands, by channel name: `createPageCursors` of `querycast/server`. */
  readonly cursors: (channels: readonly string[]) => Promise<Readonly<Record<string, string>>>;
}

/**
 * Prefetches a query on the server, `live()` or not, infinite or not, and notes where the log stood
 * *before* the read. Hydrated under a `LiveHydration`, its channels start from there: in the usual case
 * the page reads nothing a second time, and what was written in between becomes visible.
 *
 * Like TanStack's own it does not reject when the read fails: then the browser reads.
 */
export async function prefetchLive<Data, Failure, Result, Key extends QueryKey, Param>(
  queryClient: QueryClient,
  options: FetchInfiniteQueryOptions<Data, Failure, Result, Key, Param>,
  { cursors }: PrefetchLiveOptions,
): Promise<void>;
export async function prefetchLive<Data, Failure, Result, Key extends QueryKey>(
  queryClient: QueryClient,
  options: FetchQueryOptions<Data, Failure, Result, Key>,
  { cursors }: PrefetchLiveOptions,
): Promise<void>;
export async function prefetchLive(
  queryClient: QueryClient,
  options: { readonly meta?: Record<string, unknown> | undefined },
  { cursors }: PrefetchLiveOptions,
): Promise<void> {
  const names = bindingsOf(options.meta).map(({ channel }) => channel.name);
  // What both kinds have in common is all this knows of them; the overloads have checked the rest.
  const noted = withCursors(options, await cursors([...new Set(names)])) as never;
  if ("initialPageParam" in options) await queryClient.prefetchInfiniteQuery(noted);
  else await queryClient.prefetchQuery(noted);
}
