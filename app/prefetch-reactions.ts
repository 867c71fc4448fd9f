import type { QueryClient } from "@tanstack/react-query";
import { prefetchLive } from "querycast";
import { countReactions } from "@/features/reactions/count-reactions.ts";
import { listOwnReactions } from "@/features/reactions/list-own-reactions.ts";
import { ownReactionsQuery, reactionsQuery } from "@/features/reactions/queries.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "./page-cursors.ts";

/** Prefetches the reactions to a page and its comments, and those of the viewer. */
export async function prefetchReactions(
  queryClient: QueryClient,
  page: ResourceRef,
  viewerId: string | null,
): Promise<void> {
  const cursors = pageCursors();
  const counts = reactionsQuery(page);
  const own = ownReactionsQuery(page, viewerId);
  await Promise.all([
    prefetchLive(
      queryClient,
      { ...counts, queryFn: () => readAsViewer((ctx) => countReactions(ctx, page)) },
      { cursors },
    ),
    viewerId !== null &&
      prefetchLive(
        queryClient,
        { ...own, queryFn: () => readAsViewer((ctx) => listOwnReactions(ctx, page)) },
        { cursors },
      ),
  ]);
}
