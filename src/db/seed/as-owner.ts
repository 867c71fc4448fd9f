import { sql } from "drizzle-orm";
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";

type Transaction = Parameters<Parameters<PostgresJsDatabase["transaction"]>[0]>[0];

/**
 * Runs `write` with the tables' owner exempt from row-level security, as a superuser always is.
 *
 * The policies are forced on the owner too, so that no forgotten connection string sees everything.
 * Filling an empty installation is the one thing that owner has to do, and it does so without a
 * policy that would stand open for the rest of the time: the force is lifted inside of the
 * transaction, under a lock that keeps everybody else out, and is back before they are let in. When
 * the transaction fails, it was never gone.
 *
 * @throws when the role owns the tables neither itself nor through a membership.
 */
export async function asOwner<T>(tx: Transaction, write: () => Promise<T>): Promise<T> {
  const forced = await tx.execute<{ name: string }>(sql`
    select relname as name
      from pg_class
     where relnamespace = 'public'::regnamespace
       and relforcerowsecurity
       and row_security_active(oid)
     order by relname`);
  const tables = forced.map(({ name }) => sql`public.${sql.identifier(name)}`);
  // Behind somebody's long report this would stop the whole site: rather fail, and be run again.
  if (tables.length > 0) await tx.execute(sql`set local lock_timeout = '5s'`);
  for (const table of tables) {
    await tx.execute(sql`alter table ${table} no force row level security`);
  }
  const result = await write();
  for (const table of tables) {
    await tx.execute(sql`alter table ${table} force row level security`);
  }
  return result;
}
