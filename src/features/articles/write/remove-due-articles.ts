import { inArray, lte, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import type { JobContext } from "@/wiring/context-types.ts";

/** More than become due in a few minutes, and few enough for one transaction. */
const atOnce = 200;

/**
 * Removes due articles and, by cascade, all that belongs to them. Triggers publish to their authors and to
 * people with a notification about one.
 *
 * @returns number of removed articles
 */
export async function removeDueArticles({ tx }: JobContext): Promise<number> {
  const due = tx
    .select({ id: articles.id })
    .from(articles)
    .where(lte(articles.deleteAt, sql`now()`))
    .limit(atOnce);
  const removed = await tx
    .delete(articles)
    .where(inArray(articles.id, due))
    .returning({ id: articles.id });
  return removed.length;
}
