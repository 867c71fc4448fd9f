import { eq } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { ArticleIdInput } from "./draft-schema.ts";
import { feedSignals } from "./feed-signals.ts";
import { findOwnArticle, lockOwnArticle } from "./own-article.ts";

/**
 * Undoes a deletion: the article is published or a draft again, as before.
 *
 * @throws {AppError} `not_found` when it was removed; `forbidden` for viewers who are not authors.
 */
export async function restoreArticle(
  context: WriteContext,
  { articleId }: ArticleIdInput,
): Promise<void> {
  const before = await lockOwnArticle(context, articleId);
  if (before.status !== "deleting") return;
  await context.tx.update(articles).set({ deleteAt: null }).where(eq(articles.id, articleId));
  const after = await findOwnArticle(context, articleId);
  if (after !== null) await context.publish(...feedSignals(before, after));
}
