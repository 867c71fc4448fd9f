import { eq } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import type { WriteContext } from "@/features/context.ts";
import type { ArticleIdInput } from "./draft-schema.ts";
import { feedSignals } from "./feed-signals.ts";
import { findOwnArticle, lockOwnArticle } from "./own-article.ts";

/**
 * Takes a deletion back: published it is published again, a draft it is a draft again.
 *
 * @throws {AppError} `not_found` when it is gone for good; `forbidden` for those who do not write.
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
