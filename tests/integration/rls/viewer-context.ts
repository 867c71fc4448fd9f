import { sql } from "drizzle-orm";
import type postgres from "postgres";
import { articles } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";

/** Slugs of the articles that a transaction sees. */
export const slugs = async (tx: Transaction) =>
  (await tx.select({ slug: articles.slug }).from(articles)).map((row) => row.slug).sort();
/** Slugs that every viewer sees. */
export const publicSlugs = ["article", "article-of-ben"];

interface Context {
  readonly pid: number;
  readonly role: string;
  readonly user: string | null;
}
/** Backend, role and viewer of a transaction. */
export async function context(tx: Pick<Transaction, "execute">): Promise<Context> {
  const [row] = await tx.execute<Context & Record<string, unknown>>(
    sql`select pg_backend_pid() as pid, current_user as role, nullif(current_setting('app.user_id', true), '') as user`,
  );
  return row as Context;
}

/** Ends the backend, as a restart of Postgres does. */
export async function terminate(owner: postgres.Sql, pid: number): Promise<void> {
  await owner`select pg_terminate_backend(${pid})`;
  for (;;) {
    const [row] = await owner`select from pg_stat_activity where pid = ${pid}`;
    if (row === undefined) return;
  }
}
