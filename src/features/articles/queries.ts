import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { articlePage, profileFeed, tagFeed } from "@/channels/articles.ts";
import { channels } from "@/channels/index.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import type { Page } from "@/lib/pages/page-cursor.ts";
import { articleKeys } from "./keys.ts";
import type { ArticleEntry, CountNewerInput, FeedScope } from "./schema.ts";
import type { Draft } from "./write/draft-schema.ts";

/** A feed, newest first, in pages. Feeds of a tag or a person are live; the home feed is not. */
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
      tagId !== undefined && tagFeed.all(channels.tag({ tagId })),
      authorId !== undefined && profileFeed.all(channels.profile({ userId: authorId })),
    ],
  );
};

/** Polling interval of the home feed for newer articles. */
const newerEveryMs = 60_000;

/** Number of articles newer than a given one, by polling. */
export const newerArticlesQuery = (than: CountNewerInput | null) =>
  queryOptions({
    queryKey: articleKeys.newer(than),
    queryFn: ({ signal }) =>
      fetchJson<number>(withParams("/api/articles/newer", { ...than }), signal),
    enabled: than !== null,
    // The page was rendered with all articles.
    initialData: 0,
    refetchInterval: newerEveryMs,
  });

/** The current version of an article, so that the page can report a newer one. */
export const articleVersionQuery = (articleId: string) =>
  live(
    queryOptions({
      queryKey: articleKeys.version(articleId),
      queryFn: ({ signal }) =>
        fetchJson<string>(withParams("/api/articles/version", { articleId }), signal),
    }),
    [articlePage.all(channels.resource({ resourceType: "article", resourceId: articleId }))],
  );

/** The last saved version of an article, from any tab. */
export const fetchDraft = (articleId: string, signal?: AbortSignal) =>
  fetchJson<Draft>(withParams("/api/articles/draft", { articleId }), signal);

/** The same for a preview. A message makes it read again. One may be lost, so it also reads when its tab is shown. */
export const draftQuery = (articleId: string) =>
  queryOptions({
    queryKey: articleKeys.draft(articleId),
    queryFn: ({ signal }) => fetchDraft(articleId, signal),
    staleTime: 0,
    refetchOnWindowFocus: "always",
  });
