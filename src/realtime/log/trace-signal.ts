import { mergeSignals } from "../protocol/merge-signals.ts";
import type { Sql } from "../server/ports.ts";
import type { CatchUpRecord, Covering } from "./catch-up-record.ts";
import { type Delivered, type DeliveredRow, toDelivered } from "./delivered.ts";
import { parsePlace } from "./list-signals.ts";
import { type LoggedRow, type LoggedSignal, toLoggedSignal } from "./logged-signal.ts";

/** Where one signal has been. What is not known is null, never guessed. */
export interface SignalTrace {
  readonly signal: LoggedSignal;
  /** Null unless Postgres keeps commit times (`track_commit_timestamp`): then after `writtenAt`, and before the page was read. */
  readonly committedAt: Date | null;
  /**
   * `pending`: no broker has accepted it. `relayed`: the broker has, or the kind of its channel was switched
   * off: its page then says `withheld`. `set-aside`: none will, and its channel was told "anything".
   */
  readonly status: "pending" | "relayed" | "set-aside";
  /** The page it left with. Null while pending, and where the record of pages does not reach back to it. */
  readonly page: Delivered | null;
  /** What it travelled in. Null where the page is, and where some of the page waited for a limit. */
  readonly frame: TracedFrame | null;
  /** Why the broker refused it. Null when it did not, and after an operator has retried or dropped it. */
  readonly refusal: {
    readonly reason: string;
    readonly attempts: number;
    readonly at: Date;
  } | null;
  /** Catch-ups that covered it, as far as the given record knows. Null without one. */
  readonly catchUps: Covering | null;
}

export interface TracedFrame {
  /** As the wire named it: of a union, the exclusive or of the ids. */
  readonly id: string;
  /**
   * Ids of all signals in it, in log order. Two frames in truth where the channel moved to another
   * access epoch between the readings of one page: how they were divided is not recorded.
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

/** A place and a whole channel name are found by an index; an id alone is looked for row by row. */
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
      and (${channel}::text is null or signals.channel = ${channel}::text)
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

/** The page between whose snapshots the transaction lies, and what it had of the same channel and name. */
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
