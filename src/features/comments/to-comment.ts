import type { comments, users } from "@/db/schema.ts";
import type { Comment } from "./schema.ts";

/**
 * A row as the viewer gets it. What the buttons offer mirrors the policies of the table, which have
 * the last word: edited by its author, deleted by its author or by whose page it stands on.
 */
export function toComment(
  row: typeof comments.$inferSelect,
  author: Pick<typeof users.$inferSelect, "id" | "handle" | "name">,
  viewerId: string | null,
  pageOwnerId: string,
): Comment {
  const isOwn = viewerId === row.authorId;
  return {
    id: row.id,
    parentId: row.parentId,
    body: row.body,
    createdAt: row.createdAt.toISOString(),
    editedAt: row.editedAt?.toISOString() ?? null,
    author: { id: author.id, handle: author.handle, name: author.name },
    canEdit: isOwn,
    canDelete: isOwn || viewerId === pageOwnerId,
  };
}
