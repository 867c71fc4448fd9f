import { eq, getTableColumns } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { articles, comments, gists, notifications, reactions } from "@/db/schema.ts";
import type { JobContext, NotificationCause } from "@/features/context.ts";
import { notificationCreated } from "./signals.ts";

type NewNotification = typeof notifications.$inferInsert;

/**
 * Writes the notification a comment or reaction causes, and its signal, in one transaction. A cause
 * notifies once: `source_key` decides, however often the job runs. Nobody is notified of their own
 * action, and a cause deleted in the meantime notifies nobody.
 *
 * @returns the id of the new notification, or `null` when there was nothing to write.
 */
export async function persistNotification(
  { tx, publish }: JobContext,
  { causeType, causeId }: NotificationCause,
): Promise<string | null> {
  const causes = { comment: fromComment, reaction: fromReaction };
  const notification = await causes[causeType](tx, causeId);
  if (notification === null || notification.recipientId === notification.actorId) return null;

  const [row] = await tx
    .insert(notifications)
    .values(notification)
    .onConflictDoNothing({ target: notifications.sourceKey })
    .returning({ id: notifications.id });
  if (row === undefined) return null;

  await publish(notificationCreated(notification.recipientId, row.id));
  return row.id;
}

/** A reply goes to the author of the comment it answers, any other comment to the resource's author. */
async function fromComment(
  tx: JobContext["tx"],
  commentId: string,
): Promise<NewNotification | null> {
  const parents = alias(comments, "parents");
  const [row] = await tx
    .select({
      ...getTableColumns(comments),
      parentAuthorId: parents.authorId,
      articleAuthorId: articles.authorId,
      gistOwnerId: gists.ownerId,
    })
    .from(comments)
    .leftJoin(parents, eq(parents.id, comments.parentId))
    .leftJoin(articles, eq(articles.id, comments.articleId))
    .leftJoin(gists, eq(gists.id, comments.gistId))
    .where(eq(comments.id, commentId));
  const recipientId = row?.parentAuthorId ?? row?.articleAuthorId ?? row?.gistOwnerId;
  if (row === undefined || !recipientId) return null;

  const onResource = row.articleId === null ? "comment_on_gist" : "comment_on_article";
  return {
    sourceKey: `notif:comment:${commentId}`,
    type: row.parentId === null ? onResource : "reply_to_comment",
    recipientId,
    actorId: row.authorId,
    articleId: row.articleId,
    gistId: row.gistId,
    commentId,
  };
}

/** A reaction goes to the author of what was reacted to; on a comment the link leads to its page. */
async function fromReaction(
  tx: JobContext["tx"],
  reactionId: string,
): Promise<NewNotification | null> {
  const [row] = await tx
    .select({
      ...getTableColumns(reactions),
      articleAuthorId: articles.authorId,
      gistOwnerId: gists.ownerId,
      commentAuthorId: comments.authorId,
      commentArticleId: comments.articleId,
      commentGistId: comments.gistId,
    })
    .from(reactions)
    .leftJoin(articles, eq(articles.id, reactions.articleId))
    .leftJoin(gists, eq(gists.id, reactions.gistId))
    .leftJoin(comments, eq(comments.id, reactions.commentId))
    .where(eq(reactions.id, reactionId));
  const recipientId = row?.articleAuthorId ?? row?.gistOwnerId ?? row?.commentAuthorId;
  if (row === undefined || !recipientId) return null;

  const onResource = row.articleId === null ? "reaction_on_gist" : "reaction_on_article";
  return {
    sourceKey: `notif:reaction:${reactionId}`,
    type: row.commentId === null ? onResource : "reaction_on_comment",
    recipientId,
    actorId: row.userId,
    articleId: row.articleId ?? row.commentArticleId,
    gistId: row.gistId ?? row.commentGistId,
    commentId: row.commentId,
  };
}
