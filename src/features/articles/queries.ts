import { infiniteQueryOptions } from "@tanstack/react-query";
import { fetchJson, withParams } from "@/lib/fetch-json.ts";
import type { Page } from "@/lib/page-cursor.ts";
import { articleKeys } from "./keys.ts";
import type { ArticleEntry, FeedScope } from "./schema.ts";

/** A feed, newest first, page by page. It is not live: the home feed is never broadcast. */
export const articleFeedQuery = (scope: FeedScope, from: string | null) =>
  infiniteQueryOptions({
    queryKey: articleKeys.feed(scope, from),
    queryFn: ({ pageParam, signal }) =>
      fetchJson<Page<ArticleEntry>>(
        withParams("/api/articles", { ...scope, after: pageParam }),
        signal,
      ),
    initialPageParam: from,
    getNextPageParam: (page) => page.nextCursor,
  });
