import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { startPostgres } from "../../scripts/parts/postgres/postgres.ts";
import { migrateLog } from "../../src/realtime/log/migrate-log.ts";
import type { Sql } from "../../src/realtime/server/ports.ts";

/** The part of postgres.js that the library's statements use. */
export const port = (sql: postgres.Sql | postgres.TransactionSql): Sql => sql as unknown as Sql;

/** A durable, temporary Postgres with a signal log. */
export async function startLogPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "querycast-bench-"));
  await chmod(folder, 0o755);
  const server = await startPostgres({ dataDir: join(folder, "postgres") });
  const sql = postgres(server.ownerUrl, { max: 1, onnotice: () => {} });
  await migrateLog(port(sql));
  // A checkpoint during one contestant's round would slow only that one.
  await sql.unsafe("alter system set checkpoint_timeout = '1h'");
  await sql.unsafe("alter system set max_wal_size = '20GB'");
  await sql.unsafe("select pg_reload_conf()");
  await sql.unsafe(`
    create table comments (
      id uuid primary key default gen_random_uuid(),
      article_id uuid not null,
      author_id uuid not null,
      body text not null,
      created_at timestamptz not null default now()
    );
    create index on comments (article_id, created_at);
  `);
  await sql.end();
  return {
    url: server.ownerUrl,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
