import { eq } from "drizzle-orm";
import { storedRenderingColumns } from "@/db/rows/stored-rendering-columns.ts";
import { articles, renderings, users } from "@/db/schema.ts";
import { isAddress } from "@/lib/http/is-address.ts";
import { readingMinutes } from "@/lib/text/text.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Article } from "../schema.ts";
import { statusColumn, versionColumn } from "../write/own-article.ts";
import { tagsColumn } from "./columns.ts";

/** The article with a slug; `null` when there is none that the viewer may read. */
export async function getArticle(
  { tx }: ReadContext,
  { slug }: { readonly slug: string },
): Promise<Article | null> {
  if (!isAddress(slug)) return null;
  const [row] = await tx
    .select({
      id: articles.id,
      slug: articles.slug,
      title: articles.title,
      excerpt: articles.excerpt,
      body: articles.body,
      publishedAt: articles.publishedAt,
      deleteAt: articles.deleteAt,
      status: statusColumn,
      version: versionColumn,
      rendering: storedRenderingColumns,
      tags: tagsColumn,
      author: { id: users.id, handle: users.handle, name: users.name, bio: users.bio },
    })
    .from(articles)
    .innerJoin(users, eq(users.id, articles.authorId))
    .leftJoin(renderings, eq(renderings.articleId, articles.id))
    .where(eq(articles.slug, slug));
  if (row === undefined) return null;
  return {
    ...row,
    publishedAt: row.publishedAt?.toISOString() ?? null,
    deleteAt: row.deleteAt?.toISOString() ?? null,
    readingMinutes: readingMinutes(row.body.length),
  };
}
