"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { type MouseEvent, useEffect, useRef } from "react";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Notice } from "@/ui/notice.tsx";
import { articleFeedQuery } from "../queries.ts";
import type { FeedScope } from "../schema.ts";
import { ArticleEntry } from "./article-entry.tsx";
import { NewArticles } from "./new-articles.tsx";
import { useHeld } from "./use-held.ts";

interface ArticleFeedProps {
  readonly scope: FeedScope;
  /** The cursor in the page's URL; `null` for the first page. */
  readonly from: string | null;
  readonly hasLead?: boolean;
  readonly hasAuthor?: boolean;
  /** Text of an empty feed. */
  readonly empty: string;
}

/**
 * A feed with a link to the next page. With JavaScript the link appends that page and focuses its first
 * title. New articles wait behind a button.
 */
export function ArticleFeed(props: ArticleFeedProps) {
  const { scope, from, hasLead = false, hasAuthor = true, empty } = props;
  const list = useRef<HTMLOListElement>(null);
  /** Index of the entry that gets the focus after loading. */
  const firstNew = useRef<number | null>(null);
  const feed = useInfiniteQuery(articleFeedQuery(scope, from));
  const { data, fetchNextPage, isFetchingNextPage } = feed;
  const entries = data?.pages.flatMap((page) => page.rows) ?? [];
  const { shown, waiting, showAll } = useHeld(entries);
  const nextCursor = data?.pages.at(-1)?.nextCursor ?? null;
  const isHome = scope.tagId === undefined && scope.authorId === undefined;

  useEffect(() => {
    if (firstNew.current === null || shown.length <= firstNew.current) return;
    list.current?.children[firstNew.current]?.querySelector("a")?.focus();
    firstNew.current = null;
  }, [shown.length]);

  const showMore = async (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (isFetchingNextPage) return;
    firstNew.current = shown.length;
    await fetchNextPage();
  };

  return (
    <>
      {from === null && (
        <NewArticles
          newest={isHome ? (entries[0] ?? null) : null}
          waiting={waiting}
          onShow={showAll}
          onReadMore={feed.refetch}
        />
      )}
      {feed.isPending && <SkeletonList label="Loading articles" rows={3} />}
      {feed.isSuccess && shown.length === 0 && <EmptyState title={empty} />}
      <ol ref={list} className="divide-y divide-rule">
        {shown.map((entry, index) => (
          <li key={entry.id}>
            <ArticleEntry
              entry={entry}
              hasAuthor={hasAuthor}
              isLead={hasLead && index === 0 && from === null}
            />
          </li>
        ))}
      </ol>
      {feed.isLoadingError && (
        <ReadFailed onRetry={feed.refetch}>The articles could not be loaded.</ReadFailed>
      )}
      {feed.isFetchNextPageError && (
        <Notice className="my-4">More articles could not be loaded. Try again.</Notice>
      )}
      {nextCursor !== null && (
        <p className="border-t border-rule pt-6">
          <a
            href={`?after=${nextCursor}`}
            onClick={(event) => void showMore(event)}
            aria-disabled={isFetchingNextPage}
            className={buttonStyle({ look: "quiet" })}
          >
            {isFetchingNextPage ? "Loading…" : "Older articles"}
          </a>
        </p>
      )}
    </>
  );
}
