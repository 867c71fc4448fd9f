import type { comments, users } from "@/db/schema.ts";
import type { Comment } from "./schema.ts";

/**
 * Converts a row. The result is the same for all readers, so that they can share one read.
 *
 * @param author null for a tombstone.
 * @param branchId the top-level comment of its branch, or its own id
 */
export function toComment(
  row: typeof comments.$inferSelect,
  author: Pick<typeof users.$inferSelect, "id" | "handle" | "name"> | null,
  branchId: string,
): Comment {
  return {
    id: row.id,
    parentId: row.parentId,
    branchId,
    body: row.body,
    createdAt: row.createdAt.toISOString(),
    editedAt: row.editedAt?.toISOString() ?? null,
    author: author && { id: author.id, handle: author.handle, name: author.name },
  };
}
