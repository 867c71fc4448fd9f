import type { DehydratedState, QueryClient } from "@tanstack/react-query";
import type { RealtimeClient } from "../client/realtime-client.ts";
import { bindingsOf, cursorsOf } from "./live.ts";

/** Data that came with a page, and where the log stood before it was read. */
interface HandedOver {
  readonly dataUpdatedAt: number;
  readonly cursors: Readonly<Record<string, string>>;
}

/** By query client and query hash: once a query is in use its meta is that of the browser's options. */
const handedOver = new WeakMap<QueryClient, Map<string, HandedOver>>();

/**
 * Has channels start from where the log stood when the server read what is about to be hydrated, and
 * remembers the cursors of the data. It may be repeated.
 *
 * Cursors cannot be compared. Where a channel is followed from another place than the data comes from, how
 * much the data has missed is not known, and the bridge reads the query once more.
 */
export function handOver(
  client: RealtimeClient,
  queryClient: QueryClient,
  { queries }: DehydratedState,
): void {
  const known = handedOver.get(queryClient) ?? new Map<string, HandedOver>();
  handedOver.set(queryClient, known);
  for (const { meta, queryHash, state } of queries) {
    const cursors = cursorsOf(meta);
    known.set(queryHash, { dataUpdatedAt: state.dataUpdatedAt, cursors });
    for (const { channel } of bindingsOf(meta)) {
      const { name } = channel;
      const cursor = cursors[name];
      /** Other data of the channel, of which it is not known how old it is. */
      const isOther = (query: { readonly meta?: Record<string, unknown> | undefined }) =>
        cursorsOf(query.meta)[name] !== cursor &&
        bindingsOf(query.meta).some((binding) => binding.channel.name === name);
      const others = () => [...queries, ...queryClient.getQueryCache().getAll()];
      // Without a cursor the first answer is a gap, and everything is read.
      if (cursor !== undefined && client.startFrom(name) === undefined && !others().some(isOther)) {
        client.startFrom(name, cursor);
      }
    }
  }
}

/** The cursor of the data that a query holds, if it came with the page. */
export function cursorOfData(
  queryClient: QueryClient,
  query: { readonly queryHash: string; readonly state: { readonly dataUpdatedAt: number } },
  channel: string,
): string | undefined {
  const data = handedOver.get(queryClient)?.get(query.queryHash);
  return data?.dataUpdatedAt === query.state.dataUpdatedAt ? data.cursors[channel] : undefined;
}
