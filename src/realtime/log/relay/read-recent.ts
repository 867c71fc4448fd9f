import { epochChangedEvent } from "../../protocol/epoch-changed.ts";
import type { Delivery, Sql } from "../../server/ports.ts";
import { readIds } from "../read/read-ids.ts";
import { type Row, toDelivery } from "./read-page.ts";

/** Maximum number of newest rows to scan. The query runs once, when a relay takes over. */
const rowsAtMost = 10_000;

/**
 * Returns the newest signal of each channel before a position that is at most `maxAgeMs` old, and every notice of a
 * changed epoch: it is the last frame of the previous wire name, also when more followed under the next one.
 */
export async function readRecent(
  sql: Sql,
  position: string,
  maxAgeMs: number,
): Promise<readonly Delivery[]> {
  const [epoch = "", snapshot = ""] = position.split("/");
  const rows = await sql<
    Omit<Row, "xid" | "ids"> & { readonly ids: string | null; readonly place: string }
  >`
    select distinct on (channel, former) channel, coalesce(epoch, 0) as epoch,
      md5(${epoch}::text || position) as id, name, ids, origin, concat(xid, '/', position) as place
    from (
      select *, case when name = ${epochChangedEvent}::text then ids end as former from querycast.signals
      where pg_visible_in_snapshot(xid, ${snapshot}::text::pg_snapshot)
      order by xid desc, position desc limit ${rowsAtMost}::int
    ) as newest left join querycast.access_epochs using (channel)
    where not exists (
      select from querycast.poisoned where poisoned.position = newest.position
    ) and created_at > now() - ${maxAgeMs}::float8 * interval '1 millisecond'
    order by channel, former, xid desc, position desc`;
  return rows.map(({ ids, place, ...row }) => ({
    ...toDelivery({ ...row, ids: readIds(ids) }),
    row: place,
  }));
}
