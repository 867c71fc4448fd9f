import { sql } from "drizzle-orm";
import { resourceOf } from "@/lib/resource-ref.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { DeleteCommentInput } from "./schema.ts";
import { commentDeleted } from "./signals.ts";

type Page = Readonly<Record<"articleId" | "gistId", string | null>>;

/**
 * Deletes a comment, with one signal. With replies by other people, its row stays as a tombstone without
 * author, text and reactions, so that the replies stay in place; otherwise its subtree is deleted too. The
 * database function checks that the viewer wrote the comment, owns its page, or is an admin, and records
 * removals by admins in the audit log. A comment that is deleted already, or that the viewer may not
 * delete, is left unchanged without an error.
 */
export async function deleteComment(
  { tx, publish }: WriteContext,
  { commentId, reason = "" }: DeleteCommentInput,
): Promise<void> {
  const [page] = await tx.execute<Page>(sql`
    select on_article as "articleId", on_gist as "gistId" from app.delete_comment(${commentId}, ${reason})`);
  if (page !== undefined) await publish(commentDeleted(resourceOf(page), commentId));
}
