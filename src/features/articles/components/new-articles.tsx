"use client";

import { useQuery } from "@tanstack/react-query";
import { count } from "@/lib/text/text.ts";
import { Button } from "@/ui/forms/button.tsx";
import { ArrowUp } from "@/ui/page-icons.ts";
import { newerArticlesQuery } from "../queries.ts";
import type { ArticleEntry } from "../schema.ts";

interface NewArticlesProps {
  /** The newest loaded article, when the feed polls for newer ones; else `null`. */
  readonly newest: ArticleEntry | null;
  /** Number of loaded articles that are held back. */
  readonly waiting: number;
  readonly onShow: () => void;
  readonly onReadMore: () => Promise<unknown>;
}

/**
 * Button with the number of new articles above a feed. It takes no space in the layout, so nothing moves
 * when it appears.
 */
export function NewArticles({ newest, waiting, onShow, onReadMore }: NewArticlesProps) {
  const than = newest && { id: newest.id, publishedAt: newest.publishedAt };
  const { data: newer } = useQuery(newerArticlesQuery(than));
  const all = waiting + (than === null ? 0 : newer);
  const show = async () => {
    if (newer > 0) await onReadMore();
    onShow();
    scrollTo({ top: 0 });
  };
  return (
    <div className="pointer-events-none sticky top-24 z-10 h-0" aria-live="polite">
      {all > 0 && (
        <Button
          size="sm"
          onClick={() => void show()}
          className="pointer-events-auto absolute -top-4 left-1/2 -translate-x-1/2 animate-appear rounded-full shadow-sheet"
        >
          <ArrowUp aria-hidden />
          {count(all, "new article")}
        </Button>
      )}
    </div>
  );
}
