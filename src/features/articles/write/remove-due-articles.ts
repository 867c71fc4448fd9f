import { and, asc, eq, lte, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import { doEach } from "@/lib/do-each.ts";
import type { JobContext, RunJob } from "@/wiring/context-types.ts";

/** More than become due in a few minutes, and few enough for one run. */
const atOnce = 200;

const isDue = lte(articles.deleteAt, sql`now()`);

/**
 * Removes due articles and, by cascade, all that belongs to them, each in a transaction of its own. Triggers publish to
 * their authors and to people with a notification about one. An article that is restored in the meantime is kept.
 *
 * @returns number of removed articles
 * @throws {Error} after all others were removed, when some could not be
 */
export async function removeDueArticles(run: RunJob): Promise<number> {
  const due = await run(listDue);
  const removed = await doEach(due, "due articles were not removed", (id) =>
    run((context) => removeDue(context, id)),
  );
  return removed.filter(Boolean).length;
}

async function listDue({ tx }: JobContext): Promise<readonly string[]> {
  const rows = await tx
    .select({ id: articles.id })
    .from(articles)
    .where(isDue)
    .orderBy(asc(articles.deleteAt))
    .limit(atOnce);
  return rows.map(({ id }) => id);
}

/** @returns whether the article was removed */
async function removeDue({ tx }: JobContext, id: string): Promise<boolean> {
  await tx.execute(sql`select app.lock_open_submissions(array[${id}::uuid])`);
  const removed = await tx
    .delete(articles)
    .where(and(eq(articles.id, id), isDue))
    .returning({ id: articles.id });
  return removed.length > 0;
}
