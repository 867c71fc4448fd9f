import type {
  LogPage,
  RelayLog,
  RelaySession,
  RelaySessionHandlers,
  Sql,
} from "../../server/ports.ts";

import type { DatabaseSession, OpenDatabaseSession } from "../connection/database-session.ts";
import { formatPosition, parsePosition, trustedSnapshot } from "../read/position.ts";
import { leadKey } from "./lead-key.ts";
import { readHeads } from "./read-heads.ts";
import { readPage } from "./read-page.ts";
import { readRecent } from "./read-recent.ts";

/** Options of {@link createRelayLog}. */
export interface RelayLogOptions {
  /** Opens sessions as a role granted as `readers`, e.g. `postgresJs(url)` of `querycast/postgres-js`. */
  readonly open: OpenDatabaseSession;
  /** Rows per page; a page ends with a whole transaction, so it may have more. Default 1000. */
  readonly pageRows?: number;
}

/** Creates the log for `createRelay` and `drain`. Each `open` uses one database session. */
export function createRelayLog(options: RelayLogOptions): RelayLog {
  return { open: (handlers) => openRelaySession(options, handlers) };
}

export interface LogSession extends RelaySession {
  /** Returns the current end of the log. */
  position(): Promise<string>;
  /** Saves the current end of the log as the delivered position. */
  skip(): Promise<void>;
}

/** @throws when Postgres is a standby, or the connection does not receive its own notifications. */
export async function openRelaySession(
  { open, pageRows = 1000 }: RelayLogOptions,
  handlers: RelaySessionHandlers,
): Promise<LogSession> {
  let received = false;
  const notified = () => {
    received = true;
    handlers.notified();
  };
  const database = await open({ notified, closed: handlers.closed });
  try {
    const [server] = await database.sql<{ standby: boolean }>`
      select pg_is_in_recovery() as standby`;
    if (server?.standby === true) {
      throw new Error(
        "This Postgres is a standby. A standby lags behind the primary, so reads after a signal would return old data: give the relay, and every read of the site, the primary.",
      );
    }
    // Losing the last writes of this session in a crash only repeats deliveries, so commits need not wait for the disk.
    await database.sql`set synchronous_commit = off`;
    // The index is always right for reading the end of the log, also with outdated statistics. Planning each statement
    // again would take longer than running it.
    await database.sql`set plan_cache_mode = force_generic_plan`;
    await database.sql`set enable_seqscan = off`;
    await database.sql`listen querycast`;
    await database.sql`select pg_notify('querycast', '')`;
    if (!received) {
      throw new Error(
        "This connection does not receive its own notifications. The relay needs a session: give it the direct address of Postgres, or one of a pooler in session mode.",
      );
    }
  } catch (error) {
    await database.close();
    throw error;
  }
  return relaySession(database, pageRows);
}

/** The statements of a relay, on a session that receives no notifications by itself. */
export function relaySession({ sql, close }: DatabaseSession, pageRows: number): LogSession {
  let asleep = false;
  /** Transactions below this id may have read the switch before it was on, and then send no notification. */
  let unsure: bigint | undefined;

  return {
    close,
    lead: async () => {
      const [row] = await sql<{ leads: boolean }>`
        select pg_try_advisory_lock(${leadKey}::bigint) as leads`;
      if (row?.leads !== true) return undefined;
      // Read after taking the lock: the previous leader may save until it releases it.
      const [progress] = await sql<{
        epoch: string;
        snapshot: string;
        known: string | null;
        position: string | null;
      }>`
        select querycast.log_epoch() as epoch, pg_current_snapshot()::text as snapshot,
          log_epoch as known, position from querycast.relay`;
      if (progress === undefined) throw new TypeError("The row of querycast.relay is missing.");
      const { epoch, snapshot, known, position } = progress;
      // The first relay of a log delivers all of it. In a restored log the saved position is invalid: start at the
      // end, since catch-up with an earlier cursor is a gap.
      if (position === null) {
        const start = formatPosition(epoch, { xmin: 3n, xmax: 3n, inProgress: [] });
        // Saved at once: a saved position distinguishes a restored log from a new one.
        await savePosition(sql, start);
        return start;
      }
      return known === epoch
        ? `${epoch}/${position}`
        : formatPosition(epoch, trustedSnapshot(snapshot));
    },
    isRestored: async () => {
      const [row] = await sql<{ restored: boolean }>`
        select position is not null and log_epoch <> querycast.log_epoch() as restored
        from querycast.relay`;
      return row?.restored === true;
    },
    position: async () => {
      const [row] = await sql<{ epoch: string; snapshot: string }>`
        select querycast.log_epoch() as epoch, pg_current_snapshot()::text as snapshot`;
      if (row === undefined) throw new TypeError("The log returned no snapshot.");
      return formatPosition(row.epoch, trustedSnapshot(row.snapshot));
    },
    skip: async () => {
      await sql`update querycast.relay set log_epoch = querycast.log_epoch(),
        position = pg_current_snapshot()::text`;
    },
    read: async (position): Promise<LogPage> => {
      const from = parsePosition(position);
      if (from === undefined) throw new TypeError(`"${position}" is not a position of a log.`);
      const wasAsleep = asleep;
      const { now, next, ...page } = await readPage(sql, from, pageRows);
      if (wasAsleep) unsure ??= now.xmax;
      const quiet = wasAsleep && unsure !== undefined && now.xmin >= unsure;
      return { ...page, quiet, position: formatPosition(from.epoch, next) };
    },
    heads: (position, channels) => readHeads(sql, position, channels),
    recent: (position, maxAgeMs) => readRecent(sql, position, maxAgeMs),
    setAside: async (rows) => {
      await sql`select querycast.set_aside(${JSON.stringify(rows)}::text::json)`;
    },
    save: async (position, page) => {
      if (page === undefined) return savePosition(sql, position);
      const [epoch = "", until = ""] = position.split("/");
      const [, from = ""] = page.since.split("/");
      await sql`select querycast.save_delivery(${epoch}, ${from}, ${until}, ${page.signals}::int,
        ${page.withheld}::int, ${page.frames}::int, ${page.attempts}::int,
        ${Math.round(page.tookMs)}::int, ${page.waited === true})`;
    },
    sleep: async (durationMs) => {
      await sql`select querycast.relay_sleep(${durationMs}::int)`;
      if (!asleep) unsure = undefined;
      asleep = true;
    },
    wake: async () => {
      asleep = false;
      unsure = undefined;
      await sql`select querycast.relay_sleep(0)`;
    },
    beat: async () => {
      await sql`select querycast.relay_beat()`;
    },
    prune: async (maxAgeMs) => {
      const [row] = await sql<{ pruned: string | number }>`
        select querycast.prune_signals(${maxAgeMs}::bigint, 10000) as pruned`;
      await sql`select querycast.prune_deliveries(${maxAgeMs}::bigint, 100000)`;
      await sql`select querycast.prune_skipped_captures(${maxAgeMs}::bigint, 100000)`;
      return Number(row?.pruned ?? 0);
    },
  };
}

async function savePosition(sql: Sql, position: string): Promise<void> {
  const [epoch = "", snapshot = ""] = position.split("/");
  await sql`update querycast.relay set log_epoch = ${epoch}, position = ${snapshot}`;
}
