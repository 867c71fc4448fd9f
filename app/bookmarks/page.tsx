import { dehydrate, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { BookmarkList } from "@/features/bookmarks/components/bookmark-list.tsx";
import { listBookmarks } from "@/features/bookmarks/list-bookmarks.ts";
import { bookmarksQuery } from "@/features/bookmarks/queries.ts";
import { FollowList } from "@/features/follows/components/follow-list.tsx";
import { listFollows } from "@/features/follows/list-follows.ts";
import { followsQuery } from "@/features/follows/queries.ts";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "../page-cursors.ts";
import { currentAccount } from "../viewer.ts";

export const metadata: Metadata = { title: "Bookmarks" };

export default async function BookmarksPage() {
  const account = await currentAccount();
  if (account === null) redirect("/sign-in?next=/bookmarks");
  const queryClient = new QueryClient();
  const cursors = pageCursors();
  await Promise.all([
    prefetchLive(
      queryClient,
      { ...bookmarksQuery(account.id), queryFn: () => readAsViewer(listBookmarks) },
      { cursors },
    ),
    prefetchLive(
      queryClient,
      { ...followsQuery(account.id), queryFn: () => readAsViewer(listFollows) },
      { cursors },
    ),
  ]);
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="mb-8 font-serif text-3xl font-medium tracking-tight">Bookmarks</h1>
      <LiveHydration state={dehydrate(queryClient)}>
        <section aria-label="Bookmarked pages" className="border-t-2 border-ink">
          <BookmarkList userId={account.id} />
        </section>
        <section className="mt-14">
          <SectionTitle className="pb-2">Discussions you follow</SectionTitle>
          <FollowList userId={account.id} />
        </section>
      </LiveHydration>
    </div>
  );
}
