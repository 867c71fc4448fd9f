import type {
  FetchInfiniteQueryOptions,
  FetchQueryOptions,
  QueryClient,
  QueryKey,
} from "@tanstack/react-query";
import { bindingsOf, withCursors } from "./live.ts";

/** Options of {@link prefetchLive}. */
export interface PrefetchLiveOptions {
  /** Returns cursors by channel name. Made by `createPageCursors` of `querycast/server`. */
  readonly cursors: (channels: readonly string[]) => Promise<Readonly<Record<string, string>>>;
}

/**
 * Prefetches a query on the server and stores the cursors of its channels, taken *before* the fetch, in its
 * meta. Under `LiveHydration` the browser follows the channels from these cursors: it does not fetch the
 * query again unless something was written since. Takes queries and infinite queries, also without `live()`.
 *
 * Like TanStack's `prefetchQuery` it does not reject when the fetch fails; the browser then fetches.
 *
 * @example
 * await prefetchLive(queryClient, commentsQuery(ref), { cursors });
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
  const names = bindingsOf(options).map(({ channel }) => channel.name);
  // The overloads have checked the type of the options.
  const noted = withCursors(options, await cursors([...new Set(names)])) as never;
  if ("initialPageParam" in options) await queryClient.prefetchInfiniteQuery(noted);
  else await queryClient.prefetchQuery(noted);
}
