import { rowToFrame } from "../../protocol/epoch-changed.ts";
import type { Ids } from "../../protocol/ids.ts";
import type { Delivery, LogPage, Sql } from "../../server/ports.ts";
import type { Position } from "../read/position.ts";
import { trustedSnapshot } from "../read/position.ts";
import { readIds } from "../read/read-ids.ts";
import { advance, type Snapshot } from "../read/snapshot.ts";

export interface Row {
  readonly xid: string;
  readonly channel: string;
  readonly epoch: number;
  readonly id: string;
  readonly name: string;
  readonly ids: readonly Ids[] | null;
  readonly origin: string | null;
}

type StoredRow = Omit<Row, "ids"> & { readonly position: string; readonly ids: string | null };

type Page = Omit<LogPage, "position" | "quiet"> & {
  /** Snapshot of this read. */
  readonly now: Snapshot;
  /** Snapshot to continue from. */
  readonly next: Snapshot;
};

/**
 * Reads the rows committed since a snapshot. Two index scans visit no row a second time: one for the transactions
 * in progress at the snapshot, one for all later transactions. A page ends with a whole transaction (`with ties`).
 * Partitions of days that ended before are not opened.
 */
export async function readPage(sql: Sql, from: Position, pageRows: number): Promise<Page> {
  const { xmin, xmax, inProgress } = from.snapshot;
  const [page] = await sql<{ snapshot: string; lag: number | null; rows: string | null }>`
    with present as materialized (
      select pg_current_snapshot() as snapshot, coalesce(min(day), 0) as day from querycast.days
      where end_xid is null or end_xid > ${String(xmin)}::text::xid8
    ),
    committed as (
      (select * from querycast.signals
        where xid = any (${`{${inProgress.join(",")}}`}::text::xid8[])
          and pg_visible_in_snapshot(xid, (select snapshot from present))
          and day >= (select day from present)
        order by xid fetch first (${pageRows}::int) rows with ties)
      union all
      (select * from querycast.signals
        where xid >= ${String(xmax)}::text::xid8
          and pg_visible_in_snapshot(xid, (select snapshot from present))
          and day >= (select day from present)
        order by xid fetch first (${pageRows}::int) rows with ties)
    ),
    page as (select * from committed order by xid fetch first (${pageRows}::int) rows with ties)
    select snapshot::text as snapshot, lag, rows::text as rows
    from present cross join (
      select
        (extract(epoch from clock_timestamp() - min(created_at)) * 1000)::float8 as lag,
        json_agg(json_build_object(
          'xid', xid::text, 'position', position::text, 'channel', page.channel, 'epoch', coalesce(epoch, 0),
          'id', md5(${from.epoch}::text || position),
          'name', name, 'ids', ids, 'origin', origin) order by xid, position) as rows
      from page left join querycast.access_epochs using (channel)
    ) as collected`;
  if (page === undefined) throw new TypeError("The log returned no snapshot.");
  const now = trustedSnapshot(page.snapshot);
  const rows = page.rows === null ? [] : (JSON.parse(page.rows) as StoredRow[]);
  const last = rows.at(-1);
  const more = last !== undefined && rows.length >= pageRows;
  return {
    now,
    next: more ? advance(from.snapshot, now, BigInt(last.xid)) : now,
    more,
    lagMs: Math.max(0, page.lag ?? 0),
    deliveries: rows.map(({ ids, ...row }) => ({
      ...toDelivery({ ...row, ids: readIds(ids) }),
      row: `${row.xid}/${row.position}`,
    })),
  };
}

export function toDelivery(row: Omit<Row, "xid">): Delivery {
  const { channel, id, name, ids, origin } = row;
  const signal = { id, name, ids: ids ?? undefined, origin: origin ?? undefined };
  return { channel, ...rowToFrame(signal, row.epoch) };
}
