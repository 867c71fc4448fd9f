import { and, eq } from "drizzle-orm";
import { reactions } from "@/db/schema.ts";
import type { WriteContext } from "@/features/context.ts";
import { pageOf } from "./page-of.ts";
import type { ReactionInput } from "./schema.ts";
import { ownReactionChanged, reactionRemoved } from "./signals.ts";

const columns = {
  article: reactions.articleId,
  gist: reactions.gistId,
  comment: reactions.commentId,
};

/**
 * Takes the viewer's own reaction back. Already gone counts as done: that is what was wanted.
 *
 * @throws {AppError} `not_found` when what was reacted to is gone or no longer the viewer's to read.
 */
export async function removeReaction(
  { tx, viewer, publish }: WriteContext,
  input: ReactionInput,
): Promise<void> {
  const { userId } = viewer;
  const { kind, reactableType, reactableId } = input;
  const page = await pageOf(tx, input);
  const [removed] = await tx
    .delete(reactions)
    .where(
      and(
        eq(reactions.userId, userId),
        eq(reactions.kind, kind),
        eq(columns[reactableType], reactableId),
      ),
    )
    .returning({ id: reactions.id });
  if (removed === undefined) return;
  await publish(reactionRemoved(page, reactableId), ownReactionChanged(userId, reactableId));
}
