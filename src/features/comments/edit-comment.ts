import { and, eq, sql } from "drizzle-orm";
import { comments } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { resourceOf } from "@/lib/resource-ref.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { EditCommentInput } from "./schema.ts";
import { commentUpdated } from "./signals.ts";

/** @throws {AppError} `not_found` when the comment was deleted or belongs to another person. */
export async function editComment(
  { tx, viewer, publish }: WriteContext,
  { commentId, body }: EditCommentInput,
): Promise<void> {
  const [row] = await tx
    .update(comments)
    .set({ body, editedAt: sql`now()` })
    .where(and(eq(comments.id, commentId), eq(comments.authorId, viewer.userId)))
    .returning({ articleId: comments.articleId, gistId: comments.gistId });
  if (row === undefined) {
    throw new AppError("not_found", "This comment was deleted.");
  }
  await publish(commentUpdated(resourceOf(row), commentId));
}
