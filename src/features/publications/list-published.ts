import { and, asc, desc, eq, isNull, lte, sql } from "drizzle-orm";
import { isoTime } from "@/db/rows/iso-time.ts";
import { articles, users } from "@/db/schema.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { PublicationInput, PublishedArticle } from "./schema.ts";

/** The published articles of a publication, newest first. */
export async function listPublished(
  { tx }: ReadContext,
  { publicationId }: PublicationInput,
): Promise<readonly PublishedArticle[]> {
  return tx
    .select({
      id: articles.id,
      slug: articles.slug,
      title: articles.title,
      excerpt: articles.excerpt,
      publishedAt: isoTime(articles.publishedAt),
      author: { handle: users.handle, name: users.name },
    })
    .from(articles)
    .innerJoin(users, eq(users.id, articles.authorId))
    .where(
      and(
        eq(articles.publicationId, publicationId),
        lte(articles.publishedAt, sql`now()`),
        isNull(articles.deleteAt),
      ),
    )
    .orderBy(desc(articles.publishedAt), asc(articles.id))
    .limit(listedAtMost);
}
