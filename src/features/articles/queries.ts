import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { fetchJson, withParams } from "@/lib/fetch-json.ts";
import type { Page } from "@/lib/page-cursor.ts";
import type { Draft } from "./draft-schema.ts";
import { articleKeys } from "./keys.ts";
import { articlePage, profileFeed, tagFeed } from "./live.ts";
import type { ArticleEntry, CountNewerInput, FeedScope } from "./schema.ts";

/** A feed, newest first, page by page. Live are those of a tag and of a person; the home feed never is. */
export const articleFeedQuery = (scope: FeedScope, from: string | null) => {
  const { tagId, authorId } = scope;
  return live(
    infiniteQueryOptions({
      queryKey: articleKeys.feed(scope, from),
      queryFn: ({ pageParam, signal }) =>
        fetchJson<Page<ArticleEntry>>(
          withParams("/api/articles", { ...scope, after: pageParam }),
          signal,
        ),
      initialPageParam: from,
      getNextPageParam: (page) => page.nextCursor,
    }),
    [
      tagId !== undefined && tagFeed.all(tagFeed.channels.tag({ tagId })),
      authorId !== undefined && profileFeed.all(profileFeed.channels.profile({ userId: authorId })),
    ],
  );
};

/** How often the home feed asks whether there is something new. Nobody waits for it. */
const newerEveryMs = 60_000;

/** How many articles there are that are newer than one; asked now and then instead of being told. */
export const newerArticlesQuery = (than: CountNewerInput | null) =>
  queryOptions({
    queryKey: articleKeys.newer(than),
    queryFn: ({ signal }) =>
      fetchJson<number>(withParams("/api/articles/newer", { ...than }), signal),
    enabled: than !== null,
    // It came with the document, which had them all.
    initialData: 0,
    refetchInterval: newerEveryMs,
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
