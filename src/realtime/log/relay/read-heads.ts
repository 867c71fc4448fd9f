import { epochChangedEvent } from "../../protocol/epoch-changed.ts";
import type { Sql } from "../../server/ports.ts";

/** Returns the id of the newest signal of each channel before a position, by one index lookup each. */
export async function readHeads(
  sql: Sql,
  position: string,
  channels: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const [epoch = "", snapshot = ""] = position.split("/");
  const heads = await sql<{ channel: string; id: string }>`
    select asked.channel, md5(${epoch}::text || position) as id
    from json_array_elements_text(${JSON.stringify(channels)}::text::json) as asked (channel)
    cross join lateral (
      select position from querycast.signals
      where signals.channel = asked.channel
        and hashtextextended(signals.channel, 0) = hashtextextended(asked.channel, 0)
        and name <> ${epochChangedEvent}::text
        and pg_visible_in_snapshot(xid, ${snapshot}::text::pg_snapshot)
      order by xid desc, position desc limit 1
    ) as head`;
  return new Map(heads.map(({ channel, id }) => [channel, id]));
}
