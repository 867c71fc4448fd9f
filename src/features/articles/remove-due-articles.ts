import { inArray, lte, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import type { JobContext } from "@/features/context.ts";

/** More than are ever due in a few minutes, and few enough for one transaction. */
const atOnce = 200;

/**
 * Removes articles whose day has come, and with them all that hangs on them. Who is to be told, the
 * tables say: their authors, and whoever had a notification about one.
 *
 * @returns how many there were.
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
