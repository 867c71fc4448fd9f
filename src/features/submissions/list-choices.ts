import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { ArticleChoice } from "./schema.ts";

/** The viewer's articles that are in no unfinished process and in no publication, last changed first. */
export async function listChoices({ tx, viewer }: ReadContext): Promise<readonly ArticleChoice[]> {
  if (viewer.userId === null) return [];
  return tx
    .select({
      id: articles.id,
      title: articles.title,
      isPublished: sql<boolean>`coalesce(${articles.publishedAt} <= now(), false)`,
    })
    .from(articles)
    .where(
      and(
        eq(articles.authorId, viewer.userId),
        isNull(articles.deleteAt),
        isNull(articles.publicationId),
        sql`${articles.title} <> '' and not exists (select from submissions
          where submissions.article_id = articles.id
            and submissions.state not in ('published', 'withdrawn'))`,
      ),
    )
    .orderBy(desc(articles.updatedAt))
    .limit(listedAtMost);
}
