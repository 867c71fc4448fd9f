import { eq } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { ArticleIdInput } from "./draft-schema.ts";
import { feedSignals } from "./feed-signals.ts";
import { lockOwnArticle } from "./own-article.ts";

/**
 * Makes an article a draft again. Readers lose access at once, since a trigger raises its access epoch.
 *
 * @throws {AppError} `not_found`; `forbidden` for viewers who are not authors.
 */
export async function unpublishArticle(
  context: WriteContext,
  { articleId }: ArticleIdInput,
): Promise<void> {
  const before = await lockOwnArticle(context, articleId);
  if (before.status === "draft") return;
  await context.tx.update(articles).set({ publishedAt: null }).where(eq(articles.id, articleId));
  const status = before.status === "deleting" ? "deleting" : "draft";
  await context.publish(...feedSignals(before, { ...before, status }));
}
