import { desc, eq, isNotNull, or } from "drizzle-orm";
import { articles, bookmarks, gists, users } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { longListAtMost } from "@/lib/list-limits.ts";
import { resourceOf } from "@/lib/resource-ref.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Bookmark } from "./schema.ts";

/**
 * The viewer's bookmarks, newest first. A page that they may not read now is left out.
 *
 * @throws {AppError} `unauthenticated`
 */
export async function listBookmarks({ tx, viewer }: ReadContext): Promise<readonly Bookmark[]> {
  if (viewer.userId === null) {
    throw new AppError("unauthenticated", "Sign in to see your bookmarks.");
  }
  const rows = await tx
    .select({
      id: bookmarks.id,
      articleId: bookmarks.articleId,
      gistId: bookmarks.gistId,
      keptAt: bookmarks.createdAt,
      slug: articles.slug,
      articleTitle: articles.title,
      excerpt: articles.excerpt,
      gistTitle: gists.title,
      description: gists.description,
      author: { handle: users.handle, name: users.name },
    })
    .from(bookmarks)
    .leftJoin(articles, eq(articles.id, bookmarks.articleId))
    .leftJoin(gists, eq(gists.id, bookmarks.gistId))
    .innerJoin(users, or(eq(users.id, articles.authorId), eq(users.id, gists.ownerId)))
    .where(or(isNotNull(articles.id), isNotNull(gists.id)))
    .orderBy(desc(bookmarks.createdAt), desc(bookmarks.id))
    .limit(longListAtMost);
  return rows.map((row) => ({
    id: row.id,
    page: resourceOf(row),
    href: row.slug === null ? `/gists/${row.gistId}` : `/articles/${row.slug}`,
    title: row.articleTitle ?? row.gistTitle ?? "",
    summary: row.excerpt ?? row.description ?? "",
    author: row.author,
    keptAt: row.keptAt.toISOString(),
  }));
}
