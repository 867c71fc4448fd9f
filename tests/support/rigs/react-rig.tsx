import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act } from "@testing-library/react";
import type { ReactNode } from "react";
import { channel, defineChannels } from "../../../src/realtime/protocol/channel.ts";
import { ids } from "../../../src/realtime/protocol/ids.ts";
import { live } from "../../../src/realtime/query/binding/live.ts";
import { RealtimeProvider } from "../../../src/realtime/react/provider.tsx";
import { createFakeParts } from "./fake-parts.ts";

export const channels = defineChannels({
  article: channel("article.{articleId}").signal("comment.created", ids("commentId")),
});
export const article = channels.article({ articleId: "a1" });
export const wireName = "private-article.a1.e0";

export function setUp({ isSignedIn = true } = {}) {
  const { broker, route, clock, options } = createFakeParts();
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const config = {
    ...options,
    channels,
    transport: isSignedIn ? broker.transport : undefined,
  };
  const wrap = (children: ReactNode, session = 0) => (
    <QueryClientProvider client={queryClient}>
      <RealtimeProvider config={config} session={session}>
        {children}
      </RealtimeProvider>
    </QueryClientProvider>
  );
  const advance = (ms: number) => act(() => clock.advance(ms));
  let serial = 0;
  const publish = (commentId = "c1") => {
    serial += 1;
    const name = "comment.created";
    broker.publish(wireName, { id: `s${serial}`, name, ids: [{ commentId }], origin: undefined });
  };
  return { broker, route, clock, queryClient, wrap, advance, publish };
}

/** Number of reads of the comments. */
export const reads = { count: 0 };
export function Comments({ label = "comments" }: { label?: string }) {
  const { data } = useQuery(
    live(
      {
        queryKey: [label],
        queryFn: async () => {
          reads.count += 1;
          return reads.count;
        },
      },
      [channels.article({ articleId: "a1" })],
    ),
  );
  return <p data-testid={label}>{data ?? "loading"}</p>;
}
