import { and, inArray, lte, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import type { JobContext } from "@/wiring/context-types.ts";

/** More than become due in a few minutes, and few enough for one transaction. */
const atOnce = 200;

/**
 * Removes due articles and, by cascade, all that belongs to them. Triggers publish to their authors and to
 * people with a notification about one. An article that is restored in the meantime is kept.
 *
 * @returns number of removed articles
 */
export async function removeDueArticles({ tx }: JobContext): Promise<number> {
  const isDue = lte(articles.deleteAt, sql`now()`);
  const due = await tx.select({ id: articles.id }).from(articles).where(isDue).limit(atOnce);
  if (due.length === 0) return 0;
  const ids = due.map(({ id }) => id);
  await tx.execute(sql`select app.lock_open_submissions(${sql.param(ids)}::uuid[])`);
  const removed = await tx
    .delete(articles)
    .where(and(inArray(articles.id, ids), isDue))
    .returning({ id: articles.id });
  return removed.length;
}
