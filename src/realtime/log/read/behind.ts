import type { BehindRequest, Sql } from "../../server/ports.ts";
import { parsePosition } from "./position.ts";
import { formatSnapshot } from "./snapshot.ts";

/**
 * Returns the channels with rows committed after a position, by one index lookup for each. Notices of revocation
 * count. A channel whose newest row is `last` is not behind.
 */
export async function behind(
  sql: Sql,
  requests: readonly BehindRequest[],
): Promise<ReadonlySet<string>> {
  const asked = requests.map(({ channel, position, last }) => {
    const known = parsePosition(position);
    return { channel, last, epoch: known?.epoch, seen: known && formatSnapshot(known.snapshot) };
  });
  const rows = await sql<{ channel: string }>`
    with request as materialized (
      select channel, last, epoch, seen::pg_snapshot as seen
      from json_to_recordset(${JSON.stringify(asked)}::text::json)
        as each (channel text, last text, epoch text, seen text)
    ), log as materialized (
      select querycast.log_epoch() as epoch, pg_current_snapshot() as snapshot, floor from querycast.log
    ), question as materialized (
      select channel, last, seen, log.epoch,
        seen is null or request.epoch is distinct from log.epoch or pg_snapshot_xmin(seen) < floor
          or pg_snapshot_xmax(seen) > pg_snapshot_xmax(snapshot) as gap,
        (select coalesce(min(day), 0) from querycast.days
          where end_xid is null or end_xid > pg_snapshot_xmin(seen)) as first_day
      from request cross join log
    )
    select channel from question
    where gap or (
      exists (
        select from querycast.signals
        where signals.channel = question.channel
          and hashtextextended(signals.channel, 0) = hashtextextended(question.channel, 0) and day >= first_day
          and xid >= pg_snapshot_xmin(seen) and not pg_visible_in_snapshot(xid, seen)
      ) and last is distinct from (
        select md5(question.epoch || position) from querycast.signals
        where signals.channel = question.channel
          and hashtextextended(signals.channel, 0) = hashtextextended(question.channel, 0) and day >= first_day
          and xid >= pg_snapshot_xmin(seen)
        order by xid desc, position desc limit 1
      )
    )`;
  return new Set(rows.map(({ channel }) => channel));
}
