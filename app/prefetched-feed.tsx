import { dehydrate, QueryClient } from "@tanstack/react-query";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import type { ComponentProps } from "react";
import { ArticleFeed } from "@/features/articles/components/article-feed.tsx";
import { articleFeedQuery } from "@/features/articles/queries.ts";
import { listArticles } from "@/features/articles/read/list-articles.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "./page-cursors.ts";

/** A feed whose first page is rendered on the server. */
export async function PrefetchedFeed(feed: ComponentProps<typeof ArticleFeed>) {
  const queryClient = new QueryClient();
  await prefetchLive(
    queryClient,
    {
      ...articleFeedQuery(feed.scope, feed.from),
      queryFn: ({ pageParam }) =>
        readAsViewer((ctx) => listArticles(ctx, { ...feed.scope, after: pageParam ?? undefined })),
    },
    { cursors: pageCursors() },
  );
  return (
    <LiveHydration state={dehydrate(queryClient)}>
      <ArticleFeed {...feed} />
    </LiveHydration>
  );
}
