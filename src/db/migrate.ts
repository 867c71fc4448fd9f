import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import { migrateLog } from "querycast/server";
import { connectAsOwner } from "./connect-as-owner.ts";
import { ensureLoginRole } from "./login-role.ts";

export interface MigrateOptions {
  /** URL of the application, with user and password of the login role. */
  readonly appUrl: string;
}

/**
 * Migrates a database: tables, roles, policies, the login role, then the signal log with its rights. Run it
 * as the owner. It is idempotent.
 *
 * @throws when the server is unreachable or older than Postgres 15, or the owner may not create roles.
 */
export async function migrate(ownerUrl: string, { appUrl }: MigrateOptions): Promise<void> {
  const sql = connectAsOwner(ownerUrl);
  try {
    await applyMigrations(drizzle(sql), {
      migrationsFolder: fileURLToPath(new URL("./migrations", import.meta.url)),
    });
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
