import { defaultRetentionMs } from "../server/retention.ts";
import type { OpenDatabaseSession } from "./connection/database-session.ts";
import { relaySession } from "./relay/relay-log.ts";

/** Options of {@link pruneLog}. */
export interface PruneLogOptions {
  /** Opens sessions as a role granted as `readers`, e.g. `postgresJs(url)` of `querycast/postgres-js`. */
  readonly open: OpenDatabaseSession;
  /** Age from which signals are deleted, in ms; they are deleted in whole days. Default 72 hours. */
  readonly retentionMs?: number;
}

/**
 * Deletes old signals of a log that nothing relays at the moment: that of an app that works by fetching alone, or
 * with streams while no process follows the log. Signals are deleted by age, whether delivered or not. Call it from
 * a cron, once a day or more often. It does not LISTEN.
 *
 * @returns the number of deleted signals; 0 also when a relay leads, which deletes them itself.
 * @throws any error of the database.
 */
export async function pruneLog({
  open,
  retentionMs = defaultRetentionMs,
}: PruneLogOptions): Promise<number> {
  const session = relaySession(await open({ notified: () => {}, closed: () => {} }), 0);
  try {
    if ((await session.lead()) === undefined) return 0;
    // Signals after the relay's position are kept for it. Nothing will deliver these.
    await session.skip();
    return await session.prune(retentionMs);
  } finally {
    await session.close();
  }
}
