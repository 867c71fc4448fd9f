import type { Sql } from "../../server/ports.ts";
import { formatPosition, parsePosition, trustedSnapshot } from "../read/position.ts";
import { formatSnapshot } from "../read/snapshot.ts";
import { type LoggedRow, type LoggedSignal, toLoggedSignal } from "./logged-signal.ts";

/** Selects signals by channel and name. */
export interface SignalFilter {
  /** Exact channel name. The only filter with an index. */
  readonly channel?: string | undefined;
  /** Prefix of the channel name, e.g. `resource.article.`. */
  readonly channelPrefix?: string | undefined;
  /** Exact signal name. */
  readonly name?: string | undefined;
}

/** Options of `SignalInspector.list`. */
export interface ListOptions extends SignalFilter {
  /** Earliest time of writing, inclusive. */
  readonly from?: Date | undefined;
  /** Latest time of writing, inclusive. */
  readonly to?: Date | undefined;
  /** Pagination: the `place` of the last signal of the previous page. */
  readonly before?: string | undefined;
  /** Default 100. */
  readonly limit?: number | undefined;
}

/** Result of `SignalInspector.tail`. */
export interface Tail {
  /** Oldest first. */
  readonly signals: readonly LoggedSignal[];
  /** Position for the next call. */
  readonly position: string;
  /** True when more signals than the limit matched; `signals` are then the newest ones. */
  readonly more: boolean;
}

/** @throws {TypeError} when `before` is not the `place` of a signal. */
export async function listSignals(
  sql: Sql,
  options: ListOptions = {},
): Promise<readonly LoggedSignal[]> {
  const { channel = null, channelPrefix = null, name = null, limit = 100 } = options;
  const from = options.from?.getTime() ?? null;
  const to = options.to?.getTime() ?? null;
  const before = options.before === undefined ? null : parsePlace(options.before);
  const rows = await sql<LoggedRow>`
    select md5((select querycast.log_epoch()) || position) as id, concat(xid, '/', position) as place,
      channel, name, ids, origin, correlation, (extract(epoch from created_at) * 1000)::float8 as written
    from querycast.signals
    where (${channel}::text is null or channel = ${channel}::text
        and hashtextextended(channel, 0) = hashtextextended(${channel}::text, 0))
      and (${channelPrefix}::text is null or starts_with(channel, ${channelPrefix}::text))
      and (${name}::text is null or name = ${name}::text)
      and (${from}::float8 is null or created_at >= to_timestamp(${from}::float8 / 1000)
        and day >= (select coalesce(min(day), 0) from querycast.days
          where ended_at is null or ended_at >= to_timestamp(${from}::float8 / 1000)))
      and (${to}::float8 is null or created_at <= to_timestamp(${to}::float8 / 1000))
      and (${before?.xid ?? null}::text is null
        or (xid, position) < (${before?.xid ?? null}::text::xid8, ${before?.position ?? null}::text::bigint))
    order by xid desc, position desc limit ${limit}::int`;
  return rows.map(toLoggedSignal);
}

/**
 * Returns the signals committed after a position. Includes transactions that commit late, which pagination by
 * `place` would miss.
 *
 * @param position of the previous result; null, or a position of another log, starts now.
 */
export async function tailSignals(
  sql: Sql,
  position: string | null,
  options: SignalFilter & { readonly limit?: number | undefined } = {},
): Promise<Tail> {
  const { channel = null, channelPrefix = null, name = null, limit = 100 } = options;
  const seen = parsePosition(position);
  const [answer] = await sql<{ epoch: string; snapshot: string; rows: string | null }>`
    with present as materialized (
      select querycast.log_epoch() as epoch, pg_current_snapshot() as snapshot
    ), start as materialized (
      select case when epoch = ${seen?.epoch ?? null}::text
        then ${seen ? formatSnapshot(seen.snapshot) : null}::text::pg_snapshot else snapshot end as seen
      from present
    )
    select epoch, snapshot::text as snapshot, (
      select json_agg(fresh order by xid, position)::text from (
        select xid, position, md5(epoch || position) as id, concat(xid, '/', position) as place,
          channel, name, ids, origin, correlation,
          (extract(epoch from created_at) * 1000)::float8 as written
        from querycast.signals cross join start
        where xid >= pg_snapshot_xmin(seen) and not pg_visible_in_snapshot(xid, seen)
          and pg_visible_in_snapshot(xid, snapshot)
          and (${channel}::text is null or channel = ${channel}::text)
          and (${channelPrefix}::text is null or starts_with(channel, ${channelPrefix}::text))
          and (${name}::text is null or name = ${name}::text)
        order by xid desc, position desc limit ${limit}::int + 1
      ) as fresh
    ) as rows from present`;
  if (answer === undefined) throw new TypeError("The log returned no snapshot.");
  const rows = answer.rows === null ? [] : (JSON.parse(answer.rows) as readonly LoggedRow[]);
  return {
    signals: rows.slice(-limit).map(pick).map(toLoggedSignal),
    position: formatPosition(answer.epoch, trustedSnapshot(answer.snapshot)),
    more: rows.length > limit,
  };
}

const pick = ({ id, place, channel, name, ids, origin, correlation, written }: LoggedRow) => ({
  id,
  place,
  channel,
  name,
  ids,
  origin,
  correlation,
  written,
});

/** @throws {TypeError} */
export function parsePlace(place: string): { readonly xid: string; readonly position: string } {
  const [, xid, position] = /^(\d{1,20})\/(\d{1,19})$/.exec(place) ?? [];
  if (xid === undefined || position === undefined) {
    throw new TypeError(
      `"${place}" is not a place in the log. Give the \`place\` of a signal, "xid/position".`,
    );
  }
  return { xid, position };
}
