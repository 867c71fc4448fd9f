import type { Sql } from "../server/ports.ts";
import { grantLog, type LogGrants } from "./grant-log.ts";
import { signalLog } from "./migrations/0001-signal-log.ts";
import { functions } from "./migrations/0002-functions.ts";
import { revocation } from "./migrations/0003-revocation.ts";
import { checkDayZero, days, prepareDays } from "./migrations/0004-days.ts";
import { poisoned } from "./migrations/0005-poisoned.ts";
import { deliveries } from "./migrations/0006-deliveries.ts";
import { manyReaders } from "./migrations/0007-many-readers.ts";
import { waited } from "./migrations/0008-waited.ts";
import { relayBeat } from "./migrations/0009-relay-beat.ts";
import { refusedControl } from "./migrations/0010-cluster-identity.ts";
import { runStatement } from "./run-statement.ts";

const migrations = [
  signalLog,
  functions,
  revocation,
  prepareDays,
  checkDayZero,
  days,
  poisoned,
  deliveries,
  manyReaders,
  waited,
  relayBeat,
  refusedControl,
];

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
      );`),
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
