import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { fetchJson, withParams } from "@/lib/fetch-json.ts";
import type { Page } from "@/lib/page-cursor.ts";
import type { Draft } from "./draft-schema.ts";
import { articleKeys } from "./keys.ts";
import { articlePage } from "./live.ts";
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

/** Which version of an article there is: newer than the one at hand, and the page says so. */
export const articleVersionQuery = (articleId: string) =>
  live(
    queryOptions({
      queryKey: articleKeys.version(articleId),
      queryFn: ({ signal }) =>
        fetchJson<string>(withParams("/api/articles/version", { articleId }), signal),
    }),
    [
      articlePage.all(
        articlePage.channels.resource({ resourceType: "article", resourceId: articleId }),
      ),
    ],
  );

/** An article as its author has saved it last, in whichever tab. */
export const fetchDraft = (articleId: string) =>
  fetchJson<Draft>(withParams("/api/articles/draft", { articleId }));
