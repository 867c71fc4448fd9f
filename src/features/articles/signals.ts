import { type OutgoingSignal, signal } from "querycast";
import { profileFeed, tagFeed } from "./live.ts";

interface FeedEntry {
  readonly articleId: string;
  readonly authorId: string;
  /** Of the tags it has, and of those it has just lost. */
  readonly tagIds: readonly string[];
}

/**
 * An article has come into the feeds that list it, has left them, or reads differently there: its
 * author's, and each of its tags'. The home feed is never told.
 */
export const feedChanged = ({ articleId, authorId, tagIds }: FeedEntry): OutgoingSignal[] => [
  signal(profileFeed.channels.profile({ userId: authorId }), "feed.changed", { articleId }),
  ...[...new Set(tagIds)].map((tagId) =>
    signal(tagFeed.channels.tag({ tagId }), "feed.changed", { articleId }),
  ),
];
