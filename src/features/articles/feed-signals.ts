import { type OutgoingSignal, signal } from "querycast";
import { readingMinutes } from "@/lib/text.ts";
import { profileFeed, tagFeed } from "./live.ts";
import type { OwnArticle } from "./own-article.ts";

type Listed = Pick<
  OwnArticle,
  "id" | "authorId" | "status" | "slug" | "title" | "excerpt" | "body" | "tagIds"
>;

/**
 * Tells the feeds of the author and of each tag the article has or had that what readers see there has
 * changed; nothing when it has not. The home feed is never told: everybody looks at that.
 */
export function feedSignals(before: Listed, after: Listed): readonly OutgoingSignal[] {
  if (entryOf(before) === entryOf(after)) return [];
  const ids = { articleId: after.id };
  const tagIds = [...new Set([...before.tagIds, ...after.tagIds])].sort();
  return [
    signal(profileFeed.channels.profile({ userId: after.authorId }), "feed.changed", ids),
    ...tagIds.map((tagId) => signal(tagFeed.channels.tag({ tagId }), "feed.changed", ids)),
  ];
}

/** What a feed shows of an article; `null` while it shows nothing. */
function entryOf({ status, slug, title, excerpt, body, tagIds }: Listed): string | null {
  if (status !== "published") return null;
  return JSON.stringify([slug, title, excerpt, readingMinutes(body.length), [...tagIds].sort()]);
}
