import { and, asc, desc, eq, exists, sql } from "drizzle-orm";
import { isoTime } from "@/db/rows/iso-time.ts";
import { comesAfter } from "@/db/rows/keyset.ts";
import { articles, articleTags, users } from "@/db/schema.ts";
import { type Page, parseCursor, toPage } from "@/lib/pages/page-cursor.ts";
import { readingMinutes } from "@/lib/text/text.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { type ArticleEntry, articlesPerPage, type ListArticlesInput } from "../schema.ts";
import { bodyLengthColumn, commentCountColumn, tagsColumn } from "./columns.ts";
import { inFeed } from "./in-feed.ts";

/** One page of published articles, newest first. Drafts are left out even for their author. */
export async function listArticles(
  { tx }: ReadContext,
  { tagId, authorId, after }: ListArticlesInput,
): Promise<Page<ArticleEntry>> {
  const rows = await tx
    .select({
      id: articles.id,
      slug: articles.slug,
      title: articles.title,
      excerpt: articles.excerpt,
      publishedAt: isoTime(articles.publishedAt),
      at: sql<string>`${articles.publishedAt}::text`,
      bodyLength: bodyLengthColumn,
      commentCount: commentCountColumn,
      tags: tagsColumn,
      author: { handle: users.handle, name: users.name },
    })
    .from(articles)
    .innerJoin(users, eq(users.id, articles.authorId))
    .where(
      and(
        inFeed(),
        authorId === undefined ? undefined : eq(articles.authorId, authorId),
        tagId === undefined ? undefined : exists(tagged(tx, tagId)),
        after === undefined
          ? undefined
          : comesAfter({ at: articles.publishedAt, id: articles.id }, parseCursor(after)),
      ),
    )
    .orderBy(desc(articles.publishedAt), asc(articles.id))
    .limit(articlesPerPage + 1);
  const { rows: shown, nextCursor } = toPage(rows, articlesPerPage, ({ at, id }) => ({ at, id }));
  const entries = shown.map(({ at: _, bodyLength, ...entry }) => ({
    ...entry,
    readingMinutes: readingMinutes(bodyLength),
  }));
  return { rows: entries, nextCursor };
}

function tagged(tx: ReadContext["tx"], tagId: string) {
  return tx
    .select({ articleId: articleTags.articleId })
    .from(articleTags)
    .where(and(eq(articleTags.articleId, articles.id), eq(articleTags.tagId, tagId)));
}
