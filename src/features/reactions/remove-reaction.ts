import { and, eq } from "drizzle-orm";
import { reactions } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { pageOf } from "./page-of.ts";
import type { ReactionInput } from "./schema.ts";
import { ownReactionChanged, reactionRemoved } from "./signals.ts";

const columns = {
  article: reactions.articleId,
  gist: reactions.gistId,
  comment: reactions.commentId,
};

/**
 * Removes the viewer's own reaction. It is idempotent.
 *
 * @throws {AppError} `not_found` when the target was deleted or the viewer may not read it.
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
