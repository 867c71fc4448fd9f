import { mergeSignals } from "../../protocol/merge-signals.ts";
import type { Sql } from "../../server/ports.ts";
import type { CatchUpRecord, Covering } from "./catch-up-record.ts";
import { type Delivered, type DeliveredRow, toDelivered } from "./delivered.ts";
import { parsePlace } from "./list-signals.ts";
import { type LoggedRow, type LoggedSignal, toLoggedSignal } from "./logged-signal.ts";

/** The path of one signal. Unknown facts are null. */
export interface SignalTrace {
  readonly signal: LoggedSignal;
  /** Commit time. Null unless Postgres records commit times (`track_commit_timestamp`). */
  readonly committedAt: Date | null;
  /**
   * `pending`: the broker has not accepted the signal. `relayed`: the broker has accepted it, or its kind or phase was
   * switched off and `page.withheld` counts it. `set-aside`: the broker refused it; clients of its channel were made
   * to refetch everything.
   */
  readonly status: "pending" | "relayed" | "set-aside";
  /** The page that contained the signal. Null while pending, and when the page's record was deleted. */
  readonly page: Delivered | null;
  /** The frame that contained the signal. Null without a page, or when signals of the page waited for a limit. */
  readonly frame: TracedFrame | null;
  /** The broker's refusal. Null without one, and after an operator has retried or dropped the signal. */
  readonly refusal: {
    readonly reason: string;
    readonly attempts: number;
    readonly at: Date;
  } | null;
  /** Recorded catch-ups that covered the signal. Null without a record. */
  readonly catchUps: Covering | null;
}

/** The frame of a traced signal. */
export interface TracedFrame {
  /** Id on the wire: for a merged frame the XOR of the signals' ids. */
  readonly id: string;
  /**
   * Ids of all signals in the frame, in log order. If the channel's access epoch changed while the page was being
   * delivered, there were two frames; their division is not recorded.
   */
  readonly signals: readonly string[];
}

interface Row extends LoggedRow {
  readonly epoch: string;
  readonly xid: string;
  readonly committed: number | null;
  readonly pending: boolean;
  readonly reason: string | null;
  readonly refusals: number | null;
  readonly refused: number | null;
}

/** Identifies a signal. A `place` or a `channel` uses an index; an `id` alone scans all rows. */
export type SignalHandle =
  | { readonly place: string }
  | { readonly id: string; readonly channel?: string | undefined };

export async function traceSignal(
  sql: Sql,
  handle: SignalHandle,
  catchUps?: CatchUpRecord,
): Promise<SignalTrace | undefined> {
  const place = "place" in handle ? parsePlace(handle.place) : null;
  const id = "id" in handle ? handle.id : null;
  const channel = "id" in handle ? (handle.channel ?? null) : null;
  const [row] = await sql<Row>`
    select log.epoch, xid::text as xid, md5(log.epoch || signals.position) as id,
      concat(xid, '/', signals.position) as place, signals.channel, signals.name, signals.ids,
      signals.origin, signals.correlation, (extract(epoch from created_at) * 1000)::float8 as written,
      case when current_setting('track_commit_timestamp') = 'on'
        then (extract(epoch from pg_xact_commit_timestamp(xid::xid)) * 1000)::float8 end as committed,
      not (relay.log_epoch is not null and pg_visible_in_snapshot(xid, relay.position::pg_snapshot)) as pending,
      poisoned.reason, poisoned.attempts as refusals, (extract(epoch from set_aside_at) * 1000)::float8 as refused
    from querycast.signals left join querycast.poisoned on poisoned.position = signals.position
    cross join querycast.relay cross join (select querycast.log_epoch() as epoch offset 0) as log
    where (${id}::text is null or md5(log.epoch || signals.position) = ${id}::text)
      and (${channel}::text is null or signals.channel = ${channel}::text
        and hashtextextended(signals.channel, 0) = hashtextextended(${channel}::text, 0))
      and (${place?.xid ?? null}::text is null or xid = ${place?.xid ?? null}::text::xid8
        and signals.position = ${place?.position ?? null}::text::bigint)
    limit 1`;
  if (row === undefined) return undefined;
  const { epoch, xid, committed, pending, reason, refusals, refused, ...logged } = row;
  const departure = await findDeparture(sql, { ...logged, epoch, xid });
  const refusal =
    reason === null || refused === null
      ? null
      : { reason, attempts: refusals ?? 0, at: new Date(refused) };
  const onceSent = refusal === null ? "relayed" : "set-aside";
  return {
    signal: toLoggedSignal(logged),
    committedAt: committed === null ? null : new Date(committed),
    status: pending ? "pending" : onceSent,
    page: departure?.page ?? null,
    frame: departure?.frame ?? null,
    refusal,
    catchUps: catchUps?.covering(logged.channel, { epoch, xid }) ?? null,
  };
}

/** Finds the page whose snapshots enclose the transaction, and its signals of the same channel and name. */
async function findDeparture(
  sql: Sql,
  signal: LoggedRow & { readonly epoch: string; readonly xid: string },
): Promise<{ readonly page: Delivered; readonly frame: TracedFrame | null } | undefined> {
  const { channel, epoch, name, xid } = signal;
  const [found] = await sql<DeliveredRow & { readonly companions: string }>`
    with page as materialized (
      select * from querycast.deliveries
      where log_epoch = ${epoch}::text and pg_snapshot_xmax(until) > ${xid}::text::xid8
        and pg_visible_in_snapshot(${xid}::text::xid8, until)
        and not pg_visible_in_snapshot(${xid}::text::xid8, since)
      order by pg_snapshot_xmax(until), page limit 1
    )
    select page::text as page, signals, withheld, frames, waited, attempts,
      (extract(epoch from read_at) * 1000)::float8 as read,
      (extract(epoch from accepted_at) * 1000)::float8 as accepted,
      (select json_agg(md5(${epoch}::text || position) order by xid, position)::text
        from querycast.signals
        where signals.channel = ${channel}::text and name = ${name}::text
          and hashtextextended(signals.channel, 0) = hashtextextended(${channel}::text, 0)
          and xid >= pg_snapshot_xmin(since) and not pg_visible_in_snapshot(xid, since)
          and pg_visible_in_snapshot(xid, until)) as companions
    from page`;
  if (found === undefined) return undefined;
  const { companions, ...page } = found;
  if (page.waited) return { page: toDelivered(page), frame: null };
  const signals = JSON.parse(companions) as readonly string[];
  const [united] = mergeSignals(
    signals.map((id) => ({ id, name, ids: undefined, origin: undefined })),
  );
  return { page: toDelivered(page), frame: { id: united?.id ?? signal.id, signals } };
}
