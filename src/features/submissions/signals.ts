import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/index.ts";

interface PublishedArticle {
  readonly articleId: string;
  readonly authorId: string;
  readonly tagIds: readonly string[];
}

/** For the feeds of the author and of each tag. The page of the publication gets its signals from the tables. */
export const articlePublished = ({
  articleId,
  authorId,
  tagIds,
}: PublishedArticle): readonly OutgoingSignal[] => [
  signal(channels.profile({ userId: authorId }), "feed.changed", { articleId }),
  ...[...tagIds]
    .sort()
    .map((tagId) => signal(channels.tag({ tagId }), "feed.changed", { articleId })),
];
