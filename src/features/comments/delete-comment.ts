import { eq } from "drizzle-orm";
import { comments } from "@/db/schema.ts";
import type { WriteContext } from "@/features/context.ts";
import { resourceOf } from "@/lib/resource-ref.ts";
import type { DeleteCommentInput } from "./schema.ts";
import { commentDeleted } from "./signals.ts";

/**
 * Deletes a comment with everything below it: replies, reactions and notifications go by cascade. Who
 * may is the policy's to say. Already gone counts as done: that is what was wanted.
 */
export async function deleteComment(
  { tx, publish }: WriteContext,
  { commentId }: DeleteCommentInput,
): Promise<void> {
  const [row] = await tx
    .delete(comments)
    .where(eq(comments.id, commentId))
    .returning({ articleId: comments.articleId, gistId: comments.gistId });
  if (row !== undefined) await publish(commentDeleted(resourceOf(row), commentId));
}
