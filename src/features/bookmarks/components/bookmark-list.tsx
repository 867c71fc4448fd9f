"use client";

import { useQuery } from "@tanstack/react-query";
import { longListAtMost } from "@/lib/list-limits.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import { X } from "@/ui/page-icons.ts";
import { bookmarksQuery } from "../queries.ts";
import type { Bookmark } from "../schema.ts";
import { useBookmark } from "./use-bookmark.ts";

/** The viewer's bookmarks, live. */
export function BookmarkList({ userId }: { userId: string }) {
  const { data: list, isError, isPending, refetch } = useQuery(bookmarksQuery(userId));
  return (
    <>
      {isError && <ReadFailed onRetry={refetch}>Your bookmarks could not be loaded.</ReadFailed>}
      {isPending && <SkeletonList label="Loading your bookmarks" />}
      {list?.length === 0 && (
        <EmptyState title="No bookmarks yet">
          Press “Save” below an article or a gist to list it here.
        </EmptyState>
      )}
      <ol className="divide-y divide-rule">
        {list?.map((bookmark) => (
          <li key={bookmark.id}>
            <BookmarkRow bookmark={bookmark} userId={userId} />
          </li>
        ))}
      </ol>
      <CutNote rows={list} most={longListAtMost}>
        The newest {longListAtMost.toLocaleString("en")} bookmarks are shown.
      </CutNote>
    </>
  );
}

function BookmarkRow({ bookmark, userId }: { bookmark: Bookmark; userId: string }) {
  const { page, href, title, summary, author, keptAt } = bookmark;
  const { mutate, isError } = useBookmark(page, userId);
  return (
    <article className="group grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-5">
      <div className="min-w-0">
        <h3 className="font-serif text-xl font-medium tracking-[-0.015em]">
          <Link
            href={href}
            className="decoration-accent decoration-1 underline-offset-[0.14em] group-hover:underline"
          >
            {title}
            <LinkHint />
          </Link>
        </h3>
        {summary !== "" && (
          <p className="mt-1 line-clamp-2 max-w-[62ch] font-serif text-base text-ink-soft">
            {summary}
          </p>
        )}
        <p className="mt-2 text-xs text-ink-faint">
          <Link
            href={`/people/${author.handle}`}
            className="text-link font-semibold text-ink decoration-transparent"
          >
            {author.name}
          </Link>
          {page.resourceType === "gist" && ", a gist"}, saved <RelativeTime at={keptAt} />
        </p>
        {isError && (
          <p role="alert" className="mt-1 text-xs text-danger">
            The bookmark was not removed. Try again.
          </p>
        )}
      </div>
      <ActionButton
        look="bare"
        size="icon"
        className="-mr-2.5"
        title="Remove bookmark"
        onClick={() => mutate(false)}
      >
        <X aria-hidden />
        <span className="sr-only">Remove bookmark: {title}</span>
      </ActionButton>
    </article>
  );
}
