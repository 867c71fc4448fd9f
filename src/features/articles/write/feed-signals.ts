import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/index.ts";
import { readingMinutes } from "@/lib/text/text.ts";
import type { OwnArticle } from "./own-article.ts";

type Listed = Pick<
  OwnArticle,
  "id" | "authorId" | "status" | "slug" | "title" | "excerpt" | "body" | "tagIds"
>;

/**
 * Signals for the feeds of the author and of each current or former tag, when the article's entry there has
 * changed. The home feed gets none, since every visitor has it open.
 */
export function feedSignals(before: Listed, after: Listed): readonly OutgoingSignal[] {
  if (entryOf(before) === entryOf(after)) return [];
  const ids = { articleId: after.id };
  const tagIds = [...new Set([...before.tagIds, ...after.tagIds])].sort();
  return [
    signal(channels.profile({ userId: after.authorId }), "feed.changed", ids),
    ...tagIds.map((tagId) => signal(channels.tag({ tagId }), "feed.changed", ids)),
  ];
}

/** The entry of an article in a feed; `null` when feeds do not list it. */
function entryOf({ status, slug, title, excerpt, body, tagIds }: Listed): string | null {
  if (status !== "published") return null;
  return JSON.stringify([slug, title, excerpt, readingMinutes(body.length), [...tagIds].sort()]);
}
