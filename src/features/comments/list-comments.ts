import { asc, eq } from "drizzle-orm";
import { articles, comments, gists, users } from "@/db/schema.ts";
import type { ReadContext } from "@/features/context.ts";
import { AppError } from "@/lib/app-error.ts";
import type { Comment, ResourceRef } from "./schema.ts";
import { toComment } from "./to-comment.ts";

/**
 * The whole thread, oldest first. It starts from the page and joins its comments, so that one
 * statement tells an empty thread from a page the viewer may not read.
 *
 * @throws {AppError} `not_found` for a page that does not exist or is not the viewer's to read.
 */
export async function listComments(
  { tx }: ReadContext,
  { resourceType, resourceId }: ResourceRef,
): Promise<readonly Comment[]> {
  const fields = { comment: comments, author: users };
  const rows =
    resourceType === "article"
      ? await tx
          .select(fields)
          .from(articles)
          .leftJoin(comments, eq(comments.articleId, articles.id))
          .leftJoin(users, eq(users.id, comments.authorId))
          .where(eq(articles.id, resourceId))
          .orderBy(asc(comments.createdAt), asc(comments.id))
      : await tx
          .select(fields)
          .from(gists)
          .leftJoin(comments, eq(comments.gistId, gists.id))
          .leftJoin(users, eq(users.id, comments.authorId))
          .where(eq(gists.id, resourceId))
          .orderBy(asc(comments.createdAt), asc(comments.id));
  if (rows.length === 0) {
    throw new AppError("not_found", "This page does not exist, or is not yours to read.");
  }
  return rows.flatMap(({ comment, author }) =>
    comment === null ? [] : [toComment(comment, author)],
  );
}
