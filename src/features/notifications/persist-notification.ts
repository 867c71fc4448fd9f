import { and, eq, getTableColumns, notInArray, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { articles, comments, follows, gists, notifications, reactions } from "@/db/schema.ts";
import type { JobContext, NotificationCause } from "@/wiring/context-types.ts";
import { fromInvitation, fromSubmission, fromTask } from "./from-publication.ts";
import { notificationCreated } from "./signals.ts";

type NewNotification = typeof notifications.$inferInsert;

/** Notifications per statement: a discussion may have any number of followers, and a statement 65,534 parameters. */
const atOnce = 1_000;

/** The notifications of a cause, by its type; none when it was deleted. */
const causes: Readonly<
  Record<
    NotificationCause["causeType"],
    (tx: JobContext["tx"], causeId: string) => Promise<readonly NewNotification[]>
  >
> = {
  comment: async (tx, commentId) => {
    const found = await fromComment(tx, commentId);
    if (found === null) return [];
    const { isReadable, ...addressed } = found;
    return [...(isReadable ? [addressed] : []), ...(await toFollowers(tx, addressed))];
  },
  reaction: async (tx, reactionId) => {
    const found = await fromReaction(tx, reactionId);
    if (found === null) return [];
    const { isReadable, ...addressed } = found;
    return isReadable ? [addressed] : [];
  },
  invitation: fromInvitation,
  task: fromTask,
  submission: fromSubmission,
};

/**
 * Writes the notifications of a cause, with their signals, in one transaction: for the addressed people, and
 * for a comment also for everyone else who follows the discussion. A cause notifies a person once (`source_key`),
 * however often the job runs. People are not notified of their own actions. A cause that was deleted notifies no one.
 *
 * @returns the ids of the new notifications
 */
export async function persistNotification(
  { tx, publish }: Pick<JobContext, "tx" | "publish">,
  { causeType, causeId }: NotificationCause,
): Promise<readonly string[]> {
  const found = await causes[causeType](tx, causeId);
  const meant = found.filter((one) => one.recipientId !== one.actorId);
  const ids: string[] = [];
  for (let from = 0; from < meant.length; from += atOnce) {
    ids.push(...(await persistSome({ tx, publish }, meant.slice(from, from + atOnce))));
  }
  return ids;
}

/** Writes notifications in one statement, with their signals. */
async function persistSome(
  { tx, publish }: Pick<JobContext, "tx" | "publish">,
  meant: readonly NewNotification[],
): Promise<readonly string[]> {
  const rows = await tx
    .insert(notifications)
    .values([...meant])
    .onConflictDoNothing({ target: notifications.sourceKey })
    .returning({ id: notifications.id, sourceKey: notifications.sourceKey });
  const recipientOf = new Map(meant.map((one) => [one.sourceKey, one.recipientId]));
  const signals = rows.flatMap(({ id, sourceKey }) => {
    const recipientId = recipientOf.get(sourceKey);
    return recipientId === undefined ? [] : [notificationCreated(recipientId, id)];
  });
  if (signals.length > 0) await publish(...signals);
  return rows.map(({ id }) => id);
}

/** A notification for the addressed person. `isReadable`: this person may still read the page. */
type Addressed = NewNotification & { readonly isReadable: boolean };

/** Whether everyone may read a page. The job can read every page, so this repeats the policies. */
const isPublic = sql<boolean>`coalesce(
  ${articles.publishedAt} <= now() and ${articles.deleteAt} is null, ${gists.visibility} = 'public', false)`;

/**
 * A reply notifies the author of its parent. Any other comment, and a reply to a tombstone, notifies the
 * author of the page.
 */
async function fromComment(tx: JobContext["tx"], commentId: string): Promise<Addressed | null> {
  const parents = alias(comments, "parents");
  const [row] = await tx
    .select({
      ...getTableColumns(comments),
      parentAuthorId: parents.authorId,
      articleAuthorId: articles.authorId,
      gistOwnerId: gists.ownerId,
      isPublic,
    })
    .from(comments)
    .leftJoin(parents, eq(parents.id, comments.parentId))
    .leftJoin(articles, eq(articles.id, comments.articleId))
    .leftJoin(gists, eq(gists.id, comments.gistId))
    .where(eq(comments.id, commentId));
  const recipientId = row?.parentAuthorId ?? row?.articleAuthorId ?? row?.gistOwnerId;
  // Without an author it is a tombstone.
  if (!row?.authorId || !recipientId) return null;

  const onResource = row.articleId === null ? "comment_on_gist" : "comment_on_article";
  return {
    sourceKey: `notif:comment:${commentId}`,
    type: row.parentAuthorId === null ? onResource : "reply_to_comment",
    recipientId,
    actorId: row.authorId,
    articleId: row.articleId,
    gistId: row.gistId,
    commentId,
    isReadable: row.isPublic || recipientId === (row.articleAuthorId ?? row.gistOwnerId),
  };
}

/** People who follow the discussion, may read it, and wrote neither the comment nor its parent. */
async function toFollowers(
  tx: JobContext["tx"],
  { articleId, gistId, ...addressed }: NewNotification,
): Promise<readonly NewNotification[]> {
  const rows = await tx
    .select({ userId: follows.userId })
    .from(follows)
    .leftJoin(articles, eq(articles.id, follows.articleId))
    .leftJoin(gists, eq(gists.id, follows.gistId))
    .where(
      and(
        articleId ? eq(follows.articleId, articleId) : eq(follows.gistId, gistId ?? ""),
        notInArray(follows.userId, [addressed.recipientId, addressed.actorId]),
        or(isPublic, eq(follows.userId, articles.authorId), eq(follows.userId, gists.ownerId)),
      ),
    );
  return rows.map(({ userId }) => ({
    ...addressed,
    articleId,
    gistId,
    type: "comment_on_followed",
    recipientId: userId,
    sourceKey: `${addressed.sourceKey}:follow:${userId}`,
  }));
}

/** A reaction notifies the author of its target. For a comment the link leads to its page. */
async function fromReaction(tx: JobContext["tx"], reactionId: string): Promise<Addressed | null> {
  const [row] = await tx
    .select({
      ...getTableColumns(reactions),
      pageAuthorId: sql<string | null>`coalesce(${articles.authorId}, ${gists.ownerId})`,
      commentAuthorId: comments.authorId,
      isPublic,
    })
    .from(reactions)
    .leftJoin(articles, eq(articles.id, reactions.pageArticleId))
    .leftJoin(gists, eq(gists.id, reactions.pageGistId))
    .leftJoin(comments, eq(comments.id, reactions.commentId))
    .where(eq(reactions.id, reactionId));
  const recipientId = row?.commentId == null ? row?.pageAuthorId : row.commentAuthorId;
  if (row === undefined || !recipientId) return null;

  const onResource = row.articleId === null ? "reaction_on_gist" : "reaction_on_article";
  return {
    sourceKey: `notif:reaction:${reactionId}`,
    type: row.commentId === null ? onResource : "reaction_on_comment",
    recipientId,
    actorId: row.userId,
    articleId: row.pageArticleId,
    gistId: row.pageGistId,
    commentId: row.commentId,
    isReadable: row.isPublic || recipientId === row.pageAuthorId,
  };
}
