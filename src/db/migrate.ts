import { fileURLToPath } from "node:url";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import type { Sql } from "postgres";
import { migrateLog } from "querycast/server";
import { connectAsOwner } from "./connection/connect-as-owner.ts";
import { ensureLoginRole } from "./connection/login-role.ts";

const migrationsFolder = () => fileURLToPath(new URL("./migrations", import.meta.url));

export interface MigrateOptions {
  /** URL of the application, with user and password of the login role. */
  readonly appUrl: string;
}

/**
 * Migrates a database: tables, access, functions, the login role, then the signal log with its rights. Run it
 * as the owner. It is idempotent.
 *
 * @throws when the server is unreachable or older than Postgres 15, the owner may not create roles, or an
 * unreleased version has made the database.
 */
export async function migrate(ownerUrl: string, { appUrl }: MigrateOptions): Promise<void> {
  const sql = connectAsOwner(ownerUrl);
  try {
    await refuseUnreleasedSchema(sql);
    await applyMigrations(drizzle(sql), { migrationsFolder: migrationsFolder() });
    await ensureLoginRole(sql, appUrl);
    await migrateLog(sql, {
      writers: ["app_user", "app_worker"],
      readers: ["app_relay"],
      operators: ["app_worker"],
    });
  } finally {
    await sql.end();
  }
}

/**
 * Migrations before the first release were squashed into today's first ones. Drizzle applies each migration that is
 * younger than the last one in the database, so it would create tables that exist. Every squashed migration is older than
 * today's first one.
 */
async function refuseUnreleasedSchema(sql: Sql): Promise<void> {
  const [database] = await sql<{ name: string; migrated: boolean }[]>`
    select current_database() as name,
      to_regclass('drizzle.__drizzle_migrations') is not null as migrated`;
  if (database?.migrated !== true) return;
  const [row] = await sql<{ last: string | null }[]>`
    select max(created_at) as last from drizzle.__drizzle_migrations`;
  const first = readMigrationFiles({ migrationsFolder: migrationsFolder() })[0]?.folderMillis ?? 0;
  if (row?.last == null || Number(row.last) >= first) return;
  throw new Error(
    `The database "${database.name}" was made by an unreleased version of the schema, which cannot be upgraded. Nothing was changed. If it is the development data folder, run \`npm run reset\`, which deletes the data; otherwise create a new database and name it in DATABASE_URL and DATABASE_OWNER_URL.`,
  );
}
