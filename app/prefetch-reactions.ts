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

/** A page of the thread that was read before. */
interface ReadThread {
  readonly view: ThreadView;
  readonly commentIds: readonly string[];
}

/**
 * Prefetches the reactions to a page and to one page of its comments, and those of the viewer.
 *
 * @param thread Default: its newest page, whose ids are read first.
 */
export async function prefetchReactions(
  queryClient: QueryClient,
  page: ResourceRef,
  viewerId: string | null,
  thread?: ReadThread,
): Promise<void> {
  const cursors = pageCursors();
  const view = thread?.view ?? wholeThread;
  const counts = reactionsQuery(page, view);
  const own = ownReactionsQuery(page, viewerId, view);
  const ids =
    thread === undefined
      ? readAsViewer((ctx) => listCommentIds(ctx, page, view.window))
      : Promise.resolve(thread.commentIds);
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
