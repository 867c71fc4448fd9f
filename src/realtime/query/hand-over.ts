import type { DehydratedState, QueryClient, QueryKey } from "@tanstack/react-query";
import type { RealtimeClient } from "../client/realtime-client.ts";
import { bindingsOf, cursorsOf } from "./live.ts";

/**
 * Has channels start from where the log stood when the server read what is about to be hydrated. Safe
 * to repeat, and to do for nothing.
 *
 * @returns keys of what must be read again: cursors cannot be compared, so where a channel is followed
 * from another place than the data comes from, nobody can tell what the data has missed.
 */
export function handOver(
  client: RealtimeClient,
  queryClient: QueryClient,
  { queries }: DehydratedState,
): readonly QueryKey[] {
  const stale: QueryKey[] = [];
  for (const { meta, queryKey } of queries) {
    for (const { channel } of bindingsOf(meta)) {
      const { name } = channel;
      const cursor = cursorsOf(meta)[name];
      /** Other data of the channel, of which it is not known how old it is. */
      const isOther = (query: { readonly meta?: Record<string, unknown> | undefined }) =>
        cursorsOf(query.meta)[name] !== cursor &&
        bindingsOf(query.meta).some((binding) => binding.channel.name === name);
      const from = client.startFrom(name);
      if (from === undefined) {
        const others = [...queries, ...queryClient.getQueryCache().getAll()];
        // Without a cursor the first answer is a gap, and everything is read.
        if (cursor !== undefined && !others.some(isOther)) client.startFrom(name, cursor);
      } else if (from !== cursor) stale.push(queryKey);
    }
  }
  return stale;
}
