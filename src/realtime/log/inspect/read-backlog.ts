import type { Sql } from "../../server/ports.ts";
import { leadKey } from "../relay/lead-key.ts";

/** The signals that the broker has not accepted yet, for all processes, as stored in the database. */
export interface Backlog {
  /** Number of pending signals, counted up to 10,000. */
  readonly pending: number;
  /** True when more than 10,000 are pending. */
  readonly more: boolean;
  /** Age of the oldest pending signal; 0 without one. */
  readonly lagMs: number;
  /** Whether a relay or a drain holds the lead. */
  readonly isLed: boolean;
  /** Number of signals set aside. */
  readonly setAside: number;
  /** Time of the last accepted page; null when no page is recorded. */
  readonly lastAcceptedAt: Date | null;
}

const countAtMost = 10_000;

export async function readBacklog(sql: Sql): Promise<Backlog> {
  const [row] = await sql<
    Omit<Backlog, "pending" | "more" | "lastAcceptedAt"> & {
      counted: number;
      accepted: number | null;
    }
  >`
    with place as materialized (
      select pg_current_snapshot() as snapshot, case
        -- In a restored log the saved position is invalid: the relay continues from now.
        when log_epoch is null then '3:3:'::pg_snapshot
        when log_epoch = querycast.log_epoch() then position::pg_snapshot
        else pg_current_snapshot() end as seen
      from querycast.relay
    ), pending as (
      select created_at from querycast.signals cross join place
      where xid >= pg_snapshot_xmin(seen) and not pg_visible_in_snapshot(xid, seen)
        and pg_visible_in_snapshot(xid, snapshot)
        and day >= (select coalesce(min(day), 0) from querycast.days
          where end_xid is null or end_xid > pg_snapshot_xmin(seen))
      order by xid limit ${countAtMost}::int + 1
    )
    select count(*)::int as counted,
      coalesce(extract(epoch from clock_timestamp() - min(created_at)) * 1000, 0)::float8 as "lagMs",
      exists (select from pg_locks where locktype = 'advisory' and granted and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
        and classid = 0 and objid::bigint = ${leadKey}::bigint) as "isLed",
      (select count(*)::int from querycast.poisoned) as "setAside",
      (select (extract(epoch from accepted_at) * 1000)::float8 from querycast.deliveries
        order by page desc limit 1) as accepted
    from pending`;
  if (row === undefined) throw new TypeError("The row of querycast.relay is missing.");
  const { counted, accepted, ...rest } = row;
  return {
    ...rest,
    pending: Math.min(counted, countAtMost),
    more: counted > countAtMost,
    lastAcceptedAt: accepted === null ? null : new Date(accepted),
  };
}
