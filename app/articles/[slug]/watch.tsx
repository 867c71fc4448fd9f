import { dehydrate, QueryClient } from "@tanstack/react-query";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { NewerVersion } from "@/features/articles/components/newer-version.tsx";
import { ViewBeacon } from "@/features/articles/components/view-beacon.tsx";
import { articleVersionQuery } from "@/features/articles/queries.ts";
import { getVersion } from "@/features/articles/read/get-version.ts";
import type { Article } from "@/features/articles/schema.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "../../page-cursors.ts";

/** Client components of an article: it checks for a newer version, and counts a view. */
export async function Watch({ article }: { article: Article }) {
  const queryClient = new QueryClient();
  const articleId = article.id;
  await prefetchLive(
    queryClient,
    {
      ...articleVersionQuery(articleId),
      queryFn: () => readAsViewer((ctx) => getVersion(ctx, { articleId })),
    },
    { cursors: pageCursors() },
  );
  return (
    <LiveHydration state={dehydrate(queryClient)}>
      <NewerVersion articleId={articleId} authorId={article.author.id} version={article.version} />
      {article.status === "published" && <ViewBeacon articleId={articleId} />}
    </LiveHydration>
  );
}
