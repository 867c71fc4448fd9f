import type { Sql } from "../server/ports.ts";
import { runStatement } from "./run-statement.ts";

/** Which database roles use the log. Nobody but its owner does by default. */
export interface LogGrants {
  /** Roles whose transactions publish and revoke. They can append, and neither read nor change. */
  readonly writers?: readonly string[];
  /** Roles that answer catch-up and run the relay. They read, and cannot append. */
  readonly readers?: readonly string[];
}

const forWriters = [
  "execute on function querycast.append_signals(json, text, text), querycast.bump_access_epoch(text)",
];
const forReaders = [
  "execute on function querycast.log_epoch(), querycast.relay_sleep(integer), querycast.prune_signals(bigint, integer)",
  "select on querycast.log, querycast.signals, querycast.days, querycast.access_epochs, querycast.relay",
  "update (log_epoch, position) on querycast.relay",
];

export async function grantLog(sql: Sql, { writers = [], readers = [] }: LogGrants): Promise<void> {
  await grant(sql, writers, forWriters);
  await grant(sql, readers, forReaders);
}

async function grant(sql: Sql, roles: readonly string[], rights: readonly string[]): Promise<void> {
  for (const role of roles) {
    for (const right of ["usage on schema querycast", ...rights]) {
      await runStatement(sql, `grant ${right} to "${role.replaceAll('"', '""')}"`);
    }
  }
}
