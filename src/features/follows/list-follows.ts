import { desc, eq, isNotNull, or } from "drizzle-orm";
import { articles, follows, gists, users } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { longListAtMost } from "@/lib/list-limits.ts";
import { resourceOf } from "@/lib/resource-ref.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { FollowedThread } from "./schema.ts";

/**
 * The discussions that the viewer follows, newest first. One on a page that they may not read now is left
 * out.
 *
 * @throws {AppError} `unauthenticated`
 */
export async function listFollows({ tx, viewer }: ReadContext): Promise<readonly FollowedThread[]> {
  if (viewer.userId === null) {
    throw new AppError("unauthenticated", "Sign in to see what you follow.");
  }
  const rows = await tx
    .select({
      id: follows.id,
      articleId: follows.articleId,
      gistId: follows.gistId,
      slug: articles.slug,
      articleTitle: articles.title,
      gistTitle: gists.title,
      author: { handle: users.handle, name: users.name },
    })
    .from(follows)
    .leftJoin(articles, eq(articles.id, follows.articleId))
    .leftJoin(gists, eq(gists.id, follows.gistId))
    .innerJoin(users, or(eq(users.id, articles.authorId), eq(users.id, gists.ownerId)))
    .where(or(isNotNull(articles.id), isNotNull(gists.id)))
    .orderBy(desc(follows.createdAt), desc(follows.id))
    .limit(longListAtMost);
  return rows.map((row) => ({
    id: row.id,
    page: resourceOf(row),
    href: row.slug === null ? `/gists/${row.gistId}` : `/articles/${row.slug}`,
    title: row.articleTitle ?? row.gistTitle ?? "",
    author: row.author,
  }));
}
