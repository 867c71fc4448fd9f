import { eq, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import type { WriteContext } from "@/features/context.ts";
import type { ArticleIdInput } from "./draft-schema.ts";
import { feedSignals } from "./feed-signals.ts";
import { restorableDays } from "./limits.ts";
import { lockOwnArticle } from "./own-article.ts";

/**
 * Deletes an article in some days. Readers lose it at once: the table raises its access epoch. Until
 * then its author sees it and can restore it. Deleted again, it keeps its day.
 *
 * @throws {AppError} `not_found`; `forbidden` for those who do not write.
 */
export async function scheduleDeletion(
  context: WriteContext,
  { articleId }: ArticleIdInput,
): Promise<void> {
  const before = await lockOwnArticle(context, articleId);
  if (before.status === "deleting") return;
  await context.tx
    .update(articles)
    .set({ deleteAt: sql`now() + make_interval(days => ${restorableDays})` })
    .where(eq(articles.id, articleId));
  await context.publish(...feedSignals(before, { ...before, status: "deleting" }));
}
