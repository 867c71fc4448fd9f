import type { Sql } from "../server/ports.ts";
import { runStatement } from "./connection/run-statement.ts";
import { grantLog, type LogGrants } from "./grant-log.ts";
import { schema } from "./migrations/0014-schema.ts";

const migrations = [schema];

/**
 * Creates or upgrades the schema `querycast` and grants its use. Call it from your own migrations, as the role that
 * shall own the log. Idempotent, and safe inside a transaction and from several processes at once. Requires
 * PostgreSQL 14 or newer.
 *
 * ```ts
 * await migrateLog(sql, { writers: ["app"], readers: ["app_relay"] });
 * ```
 *
 * @throws the database's error when the role may not create schemas or a granted role does not exist.
 */
export async function migrateLog(sql: Sql, grants: LogGrants = {}): Promise<void> {
  await runStatement(
    sql,
    locked(`
      create schema if not exists querycast;
      create table if not exists querycast.migrations (
        version integer primary key, applied_at timestamptz not null default now()
      );
      if (select max(version) < ${schema.version} from querycast.migrations) then
        raise exception 'The schema "querycast" is of a version before the first release, which cannot be upgraded.'
          using hint = 'Delete its signals: drop schema querycast cascade.';
      end if;`),
  );
  for (const { version, body } of migrations) {
    await runStatement(
      sql,
      locked(`
        if exists (select from querycast.migrations where migrations.version = ${version}) then
          return;
        end if;
        ${body}
        insert into querycast.migrations (version) values (${version});`),
    );
  }
  await grantLog(sql, grants);
}

/** Wraps a migration into one statement, which is atomic, under a lock that serialises concurrent migrations. */
function locked(body: string): string {
  return `do $migration$
    begin
      perform pg_advisory_xact_lock(hashtextextended('querycast.migrations', 0));
      ${body}
    end
    $migration$`;
}
