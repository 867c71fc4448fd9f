import type * as schema from "../schema.ts";
import type { PlacedComment } from "./comment-rows.ts";
import { type Page, pageReference } from "./page-rows.ts";
import type { PlacedReaction } from "./reaction-rows.ts";
import { stableChance, stableId } from "./stable.ts";

type Row = typeof schema.notifications.$inferInsert;
type Type = Row["type"];

const commentOn = { article: "comment_on_article", gist: "comment_on_gist" } as const;
const reactionOn = { article: "reaction_on_article", gist: "reaction_on_gist" } as const;

interface Cause {
  readonly sourceKey: string;
  readonly recipientId: string;
  readonly actorId: string;
  readonly type: Type;
  readonly page: Page;
  readonly commentId: string | null;
  readonly createdAt: Date;
}

/**
 * The notifications that the job would have written for these comments and reactions: a reply notifies the
 * author of the parent comment, any other comment the owner of the page, and people are not notified of
 * their own actions.
 *
 * @param lastVisits The last visit of each person; later notifications are unread.
 */
export function notificationRows(
  comments: readonly PlacedComment[],
  reactions: readonly PlacedReaction[],
  lastVisits: ReadonlyMap<string, Date>,
): Row[] {
  return [...comments.map(causeOfComment), ...reactions.map(causeOfReaction)]
    .filter((cause) => cause.recipientId !== cause.actorId)
    .map(({ page, ...cause }) => ({
      ...cause,
      ...pageReference(page),
      id: stableId(cause.sourceKey),
      readAt: readAt(cause, lastVisits.get(cause.recipientId)),
    }));
}

function causeOfComment({ id, page, parent, authorId, createdAt }: PlacedComment): Cause {
  return {
    sourceKey: `notif:comment:${id}`,
    recipientId: parent?.authorId ?? page.ownerId,
    actorId: authorId,
    type: parent ? "reply_to_comment" : commentOn[page.type],
    page,
    commentId: id,
    createdAt,
  };
}

function causeOfReaction(reaction: PlacedReaction): Cause {
  const { id, page, comment, ownerId, userId, createdAt } = reaction;
  return {
    sourceKey: `notif:reaction:${id}`,
    recipientId: ownerId,
    actorId: userId,
    type: comment ? "reaction_on_comment" : reactionOn[page.type],
    page,
    commentId: comment?.id ?? null,
    createdAt,
  };
}

/** A time between the event and the last visit; null when the event is later. */
function readAt(cause: Omit<Cause, "page">, lastVisit: Date | undefined): Date | null {
  const since = cause.createdAt.getTime();
  if (lastVisit === undefined || since > lastVisit.getTime()) return null;
  const share = stableChance(`read:${cause.sourceKey}`) / 8;
  return new Date(since + (lastVisit.getTime() - since) * share);
}
