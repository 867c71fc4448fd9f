import { eq, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { restorableDays } from "../limits.ts";
import type { ArticleIdInput } from "./draft-schema.ts";
import { feedSignals } from "./feed-signals.ts";
import { lockOwnArticle } from "./own-article.ts";

/**
 * Schedules the deletion of an article. Readers lose access at once, since a trigger raises its access
 * epoch. Until the date its author can see and restore it. Deleting it again keeps the date.
 *
 * @throws {AppError} `not_found`; `forbidden` for viewers who are not authors.
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
