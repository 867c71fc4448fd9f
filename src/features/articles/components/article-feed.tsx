"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { type MouseEvent, useEffect, useRef } from "react";
import { buttonStyle } from "@/ui/button.tsx";
import { Notice } from "@/ui/notice.tsx";
import { articleFeedQuery } from "../queries.ts";
import type { FeedScope } from "../schema.ts";
import { ArticleEntry } from "./article-entry.tsx";

interface ArticleFeedProps {
  readonly scope: FeedScope;
  /** The cursor in the page's address; `null` at the beginning. */
  readonly from: string | null;
  readonly hasLead?: boolean;
  readonly hasAuthor?: boolean;
}

/**
 * A feed whose "more" is a link to the next page, and appends that page in place where JavaScript
 * runs. The focus goes to the first new title.
 */
export function ArticleFeed({ scope, from, hasLead = false, hasAuthor = true }: ArticleFeedProps) {
  const list = useRef<HTMLOListElement>(null);
  /** Which entry the focus goes to once it is there. */
  const firstNew = useRef<number | null>(null);
  const { data, fetchNextPage, isFetchingNextPage, isFetchNextPageError } = useInfiniteQuery(
    articleFeedQuery(scope, from),
  );
  const entries = data?.pages.flatMap((page) => page.rows) ?? [];
  const nextCursor = data?.pages.at(-1)?.nextCursor ?? null;

  const shown = entries.length;

  useEffect(() => {
    if (firstNew.current === null || shown <= firstNew.current) return;
    list.current?.children[firstNew.current]?.querySelector("a")?.focus();
    firstNew.current = null;
  }, [shown]);

  const showMore = async (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (isFetchingNextPage) return;
    firstNew.current = shown;
    await fetchNextPage();
  };

  return (
    <>
      <ol ref={list} className="divide-y divide-rule">
        {entries.map((entry, index) => (
          <li key={entry.id}>
            <ArticleEntry
              entry={entry}
              hasAuthor={hasAuthor}
              isLead={hasLead && index === 0 && from === null}
            />
          </li>
        ))}
      </ol>
      {isFetchNextPageError && (
        <Notice className="my-4">The next articles could not be read. Try once more.</Notice>
      )}
      {nextCursor !== null && (
        <p className="border-t border-rule pt-6">
          <a
            href={`?after=${nextCursor}`}
            onClick={(event) => void showMore(event)}
            aria-disabled={isFetchingNextPage}
            className={buttonStyle({ look: "quiet" })}
          >
            {isFetchingNextPage ? "Reading…" : "Older articles"}
          </a>
        </p>
      )}
    </>
  );
}
