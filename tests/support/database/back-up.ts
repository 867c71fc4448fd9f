import postgres from "postgres";
import { cluster } from "../broker/cluster.ts";

export interface BackUp {
  /** Restores the database under the same address. Ends all its connections. */
  readonly restore: () => Promise<void>;
  readonly drop: () => Promise<void>;
}

/** Copies a database. Ends all its connections, because Postgres copies only databases without any. */
export async function backUp(databaseUrl: string): Promise<BackUp> {
  const name = new URL(databaseUrl).pathname.slice(1);
  const kept = `${name}_kept`;
  const asAdmin = async (work: (sql: postgres.Sql) => Promise<unknown>) => {
    const sql = postgres(cluster(), { max: 1, onnotice: () => {} });
    try {
      await work(sql);
    } finally {
      await sql.end();
    }
  };
  await asAdmin(async (sql) => {
    await sql`alter database ${sql(name)} with allow_connections false`;
    await sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = ${name}`;
    await sql`create database ${sql(kept)} template ${sql(name)}`;
    await sql`alter database ${sql(name)} with allow_connections true`;
  });
  return {
    restore: () =>
      asAdmin(async (sql) => {
        await sql`drop database ${sql(name)} with (force)`;
        await sql`create database ${sql(name)} template ${sql(kept)}`;
      }),
    drop: () => asAdmin((sql) => sql`drop database if exists ${sql(kept)}`),
  };
}
