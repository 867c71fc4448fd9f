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

const changesOf = (articleId: string) =>
  articlePage.all(
    articlePage.channels.resource({ resourceType: "article", resourceId: articleId }),
  );

/** Which version of an article there is: newer than the one on the page, and the page says so. */
export const articleVersionQuery = (articleId: string) =>
  live(
    queryOptions({
      queryKey: articleKeys.version(articleId),
      queryFn: ({ signal }) =>
        fetchJson<string>(withParams("/api/articles/version", { articleId }), signal),
    }),
    [changesOf(articleId)],
  );

/** An article as its author has saved it last, in whichever tab. */
export const draftQuery = (articleId: string) =>
  live(
    queryOptions({
      queryKey: articleKeys.draft(articleId),
      queryFn: ({ signal }) =>
        fetchJson<Draft>(withParams("/api/articles/draft", { articleId }), signal),
    }),
    [changesOf(articleId)],
  );
