import type { DehydratedState, QueryClient } from "@tanstack/react-query";
import { type BoundedMap, createBoundedMap } from "../../client/channels/bounded.ts";
import type { RealtimeClient } from "../../client/realtime-client.ts";
import { type Bindable, bindingsOf, cursorsOf } from "./live.ts";

/** Data that came with a page, with the cursors taken before it was read, by channel name. */
interface HandedOver {
  readonly dataUpdatedAt: number;
  readonly cursors: Readonly<Record<string, string>>;
}

/** By query client and query hash. The meta of a query in use has no cursors: it is that of its options. */
const handedOver = new WeakMap<QueryClient, BoundedMap<HandedOver>>();
/** Queries whose cursors are remembered. A forgotten one is fetched once more when it is used again. */
const rememberedQueries = 1_000;

/**
 * Starts the channels of dehydrated queries from the cursors that the server took before it read them, and
 * records these cursors for each query. Idempotent.
 *
 * Cursors cannot be compared. If a channel is followed from another cursor than that of the data, the bridge
 * fetches the query once, because the data may be older.
 */
export function handOver(
  client: RealtimeClient,
  queryClient: QueryClient,
  { queries }: DehydratedState,
): void {
  const known = handedOver.get(queryClient) ?? createBoundedMap<HandedOver>(rememberedQueries);
  handedOver.set(queryClient, known);
  for (const dehydrated of queries) {
    const { meta, queryHash, state } = dehydrated;
    const cursors = cursorsOf(meta);
    known.set(queryHash, { dataUpdatedAt: state.dataUpdatedAt, cursors });
    for (const { channel } of bindingsOf(dehydrated)) {
      const { name } = channel;
      const cursor = cursors[name];
      /** Whether the query is bound to the channel and its data has another cursor or none. */
      const isOther = (query: Bindable) =>
        cursorsOf(query.meta)[name] !== cursor &&
        bindingsOf(query).some((binding) => binding.channel.name === name);
      const others = () => [...queries, ...queryClient.getQueryCache().getAll()];
      // A channel that starts without a cursor gets a gap, after which all its queries are fetched.
      if (cursor !== undefined && client.startFrom(name) === undefined && !others().some(isOther)) {
        client.startFrom(name, cursor);
      }
    }
  }
}

/**
 * The cursor of a query's data on a channel, if the data came with the page.
 *
 * @param dataUpdatedAt of the data, or 0 for a promise that came with the page
 */
export function cursorOfData(
  queryClient: QueryClient,
  queryHash: string,
  dataUpdatedAt: number,
  channel: string,
): string | undefined {
  const data = handedOver.get(queryClient)?.get(queryHash);
  return data?.dataUpdatedAt === dataUpdatedAt ? data.cursors[channel] : undefined;
}
