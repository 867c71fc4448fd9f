import type { QueryClient } from "@tanstack/react-query";
import { prefetchLive } from "querycast";
import { listCommentIds } from "@/features/comments/list-comments.ts";
import { countReactions } from "@/features/reactions/count-reactions.ts";
import { listOwnReactions } from "@/features/reactions/list-own-reactions.ts";
import { ownReactionsQuery, reactionsQuery } from "@/features/reactions/queries.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { type ThreadView, wholeThread } from "@/lib/thread-view.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "./page-cursors.ts";

/** Prefetches the reactions to a page and to one page of its comments, and those of the viewer. */
export async function prefetchReactions(
  queryClient: QueryClient,
  page: ResourceRef,
  viewerId: string | null,
  view: ThreadView = wholeThread,
): Promise<void> {
  const cursors = pageCursors();
  const counts = reactionsQuery(page, view);
  const own = ownReactionsQuery(page, viewerId, view);
  const ids = readAsViewer((ctx) => listCommentIds(ctx, page, view.window));
  ids.catch(() => {}); // each read reports it
  await Promise.all([
    prefetchLive(
      queryClient,
      {
        ...counts,
        queryFn: async () => {
          const commentIds = await ids;
          return readAsViewer((ctx) => countReactions(ctx, page, commentIds));
        },
      },
      { cursors },
    ),
    viewerId !== null &&
      prefetchLive(
        queryClient,
        {
          ...own,
          queryFn: async () => {
            const commentIds = await ids;
            return readAsViewer((ctx) => listOwnReactions(ctx, page, commentIds));
          },
        },
        { cursors },
      ),
  ]);
}
