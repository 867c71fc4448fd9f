import { and, asc, eq, sql } from "drizzle-orm";
import { assertWriter } from "@/auth/assert-writer.ts";
import { articles, articleTags } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ReadContext, WriteContext } from "@/wiring/context-types.ts";
import type { ArticleStatus } from "./draft-schema.ts";

/** A fixed format, so that versions compare as text. */
export const versionColumn = sql<string>`to_char(
  ${articles.updatedAt} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export const statusColumn = sql<ArticleStatus>`case
  when ${articles.deleteAt} is not null then 'deleting'
  when ${articles.publishedAt} <= now() then 'published'
  else 'draft' end`;

export type OwnArticle = NonNullable<Awaited<ReturnType<typeof findOwnArticle>>>;

/** The viewer's own article; `null` when it does not exist or belongs to another author. */
export async function findOwnArticle(
  { tx, viewer }: ReadContext,
  articleId: string,
  options: { readonly locked: boolean } = { locked: false },
) {
  if (viewer.userId === null) return null;
  const query = tx
    .select({
      id: articles.id,
      authorId: articles.authorId,
      slug: articles.slug,
      title: articles.title,
      excerpt: articles.excerpt,
      body: articles.body,
      deleteAt: articles.deleteAt,
      status: statusColumn,
      version: versionColumn,
    })
    .from(articles)
    .where(and(eq(articles.id, articleId), eq(articles.authorId, viewer.userId)));
  const [row] = await (options.locked ? query.for("update") : query);
  if (row === undefined) return null;
  const tags = await tx
    .select({ id: articleTags.tagId })
    .from(articleTags)
    .where(eq(articleTags.articleId, articleId))
    .orderBy(asc(articleTags.tagId));
  return { ...row, tagIds: tags.map(({ id }) => id) };
}

/**
 * The same, locked until the end of the transaction, so that it does not change between check and write. Its open
 * submission is locked first, as steps of the editorial process do.
 *
 * @throws {AppError} `not_found`; `forbidden` for viewers who are not authors.
 */
export async function lockOwnArticle(
  context: WriteContext,
  articleId: string,
): Promise<OwnArticle> {
  assertWriter(context.viewer);
  await context.tx.execute(sql`select app.lock_open_submissions(array[${articleId}::uuid])`);
  const article = await findOwnArticle(context, articleId, { locked: true });
  if (article === null) {
    throw new AppError("not_found", "This article does not exist, or belongs to another author.");
  }
  return article;
}
