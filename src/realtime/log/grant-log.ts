import type { Sql } from "../server/ports.ts";
import { runStatement } from "./connection/run-statement.ts";

/** Database roles that may use the log. Default: only its owner. */
export interface LogGrants {
  /** Roles that publish and revoke. They may append, but not read or change rows. */
  readonly writers?: readonly string[];
  /** Roles that answer catch-up and run the relay. They may read, but not append. */
  readonly readers?: readonly string[];
  /** Roles that own the triggers of captured tables, when they are not the owner of the log. */
  readonly capturers?: readonly string[];
  /** Roles that retry or drop signals that were set aside. */
  readonly operators?: readonly string[];
}

const forWriters = [
  "execute on function querycast.append_signals(json, text, text), querycast.bump_access_epoch(text)",
];
const forReaders = [
  "execute on function querycast.log_epoch(), querycast.relay_sleep(integer), querycast.relay_beat(), querycast.relay_age_ms(), querycast.prune_signals(bigint, integer), querycast.set_aside(json), querycast.save_delivery(text, text, text, integer, integer, integer, integer, integer, boolean), querycast.prune_deliveries(bigint, integer), querycast.prune_skipped_captures(bigint, integer)",
  "select on querycast.skipped_captures, querycast.log, querycast.signals, querycast.days, querycast.poisoned, querycast.access_epochs, querycast.relay, querycast.deliveries",
  "update (log_epoch, position) on querycast.relay",
];
const forCapturers = [
  "execute on function querycast.append_captured(oid, text, text, text, bigint), querycast.encode_id(text), querycast.spell_id(text)",
  "insert on querycast.signals, querycast.skipped_captures",
  "usage, select on sequence querycast.signal_positions, querycast.today, querycast.relay_sleeps_until",
];
const forOperators = [
  "execute on function querycast.retry_poisoned(bigint), querycast.drop_poisoned(bigint)",
  "select on querycast.poisoned",
];

export async function grantLog(sql: Sql, grants: LogGrants): Promise<void> {
  const { writers = [], readers = [], operators = [], capturers = [] } = grants;
  await grant(sql, writers, forWriters);
  await grant(sql, readers, forReaders);
  await grant(sql, capturers, forCapturers);
  await grant(sql, operators, forOperators);
}

async function grant(sql: Sql, roles: readonly string[], rights: readonly string[]): Promise<void> {
  for (const role of roles) {
    for (const right of ["usage on schema querycast", ...rights]) {
      await runStatement(sql, `grant ${right} to "${role.replaceAll('"', '""')}"`);
    }
  }
}
