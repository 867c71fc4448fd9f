import { dehydrate, QueryClient } from "@tanstack/react-query";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { BookmarkButton } from "@/features/bookmarks/components/bookmark-button.tsx";
import { hasBookmark } from "@/features/bookmarks/has-bookmark.ts";
import { bookmarkStatusQuery } from "@/features/bookmarks/queries.ts";
import { ReactionBar } from "@/features/reactions/components/reaction-bar.tsx";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "./page-cursors.ts";
import { prefetchReactions } from "./prefetch-reactions.ts";
import { currentAccount } from "./viewer.ts";

/** The tools below a page: reactions and the bookmark button. */
export async function PageTools({ page }: { page: ResourceRef }) {
  const queryClient = new QueryClient();
  const account = await currentAccount();
  await Promise.all([
    prefetchReactions(queryClient, page, account?.id ?? null),
    account !== null &&
      prefetchLive(
        queryClient,
        {
          ...bookmarkStatusQuery(page, account.id),
          queryFn: () => readAsViewer((ctx) => hasBookmark(ctx, page)),
        },
        { cursors: pageCursors() },
      ),
  ]);
  return (
    <LiveHydration state={dehydrate(queryClient)}>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 border-t border-rule py-3">
        <ReactionBar
          page={page}
          reactable={{ reactableType: page.resourceType, reactableId: page.resourceId }}
          viewerId={account?.id ?? null}
        />
        {account !== null && <BookmarkButton page={page} userId={account.id} />}
      </div>
    </LiveHydration>
  );
}
