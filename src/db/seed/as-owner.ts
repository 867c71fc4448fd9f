import { sql } from "drizzle-orm";
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";

type Transaction = Parameters<Parameters<PostgresJsDatabase["transaction"]>[0]>[0];

/**
 * Runs `write` with the owner of the tables exempt from row-level security, as a superuser always is.
 *
 * The policies are forced on the owner too, so that a forgotten connection string does not give access to
 * everything. Seeding is the only task that needs the exemption. Instead of a permanent policy, the force
 * is lifted within the transaction, under a lock that excludes other sessions, and restored before the
 * commit. When the transaction fails, the force stays.
 *
 * @throws when the role does not own the tables, neither itself nor through a membership.
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
  // Behind a long query the lock would block the whole site. It is better to fail, so that the seed can be
  // run again.
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
