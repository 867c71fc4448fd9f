import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { ArticleFeed } from "@/features/articles/components/article-feed.tsx";
import { listArticles } from "@/features/articles/list-articles.ts";
import { articleFeedQuery } from "@/features/articles/queries.ts";
import type { FeedScope } from "@/features/articles/schema.ts";
import { EmptyState } from "@/ui/empty-state.tsx";
import { readAsViewer } from "@/wiring/context.ts";

interface PrefetchedFeedProps {
  readonly scope: FeedScope;
  readonly from: string | null;
  readonly hasLead?: boolean;
  readonly hasAuthor?: boolean;
  /** Said when there is nothing in the feed at all. */
  readonly empty: string;
}

/** A feed whose first page comes with the document. @throws what reading it throws. */
export async function PrefetchedFeed({ empty, ...feed }: PrefetchedFeedProps) {
  const queryClient = new QueryClient();
  const { pages } = await queryClient.fetchInfiniteQuery({
    ...articleFeedQuery(feed.scope, feed.from),
    queryFn: ({ pageParam }) =>
      readAsViewer((ctx) => listArticles(ctx, { ...feed.scope, after: pageParam ?? undefined })),
  });
  if (pages[0]?.rows.length === 0) return <EmptyState title={empty} />;
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <ArticleFeed {...feed} />
    </HydrationBoundary>
  );
}
