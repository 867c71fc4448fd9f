import { epochChangedEvent } from "../../protocol/epoch-changed.ts";
import { limits } from "../../protocol/limits.ts";
import { mostIds, type Signal } from "../../protocol/signal.ts";
import type { Since, SinceRequest, Sql } from "../../server/ports.ts";
import { formatPosition, parsePosition, trustedSnapshot } from "./position.ts";
import { readIds } from "./read-ids.ts";
import { formatSnapshot, shorten } from "./snapshot.ts";

/** More than one, since the relay may not have sent the newest signals yet. */
const recentSignals = 4;

interface Answer {
  readonly channel: string;
  readonly epoch: string;
  readonly snapshot: string;
  readonly gap: boolean;
  readonly rows: string | null;
  readonly recent: string | null;
  readonly access: number;
}

/** The signals of one name, merged in the database as `mergeSignals` does, to transfer fewer rows. */
interface Row {
  /** In binary digits. */
  readonly id: string;
  readonly name: string;
  readonly ids: readonly string[] | null;
  readonly origin: string | null;
  readonly last: string | null;
}

/** Runs one statement for all channels, so that all answers and positions are of the same snapshot. */
export async function since(
  sql: Sql,
  requests: readonly SinceRequest[],
): Promise<ReadonlyMap<string, Since>> {
  const asked = requests.map(({ channel, position, replayAtMost = limits.replaySignals }) => {
    const known = parsePosition(position);
    const most = Math.min(replayAtMost, limits.replaySignals);
    return { channel, most, epoch: known?.epoch, seen: known && formatSnapshot(known.snapshot) };
  });
  const answers = await sql<Answer>`
    with request as materialized (
      select channel, most, epoch, seen::pg_snapshot as seen
      from json_to_recordset(${JSON.stringify(asked)}::text::json)
        as each (channel text, most int, epoch text, seen text)
    ), log as materialized (
      select querycast.log_epoch() as epoch, pg_current_snapshot() as snapshot, floor from querycast.log
    ), question as materialized (
      select request.channel, most, seen, log.epoch, snapshot,
        seen is null or request.epoch <> log.epoch
          or pg_snapshot_xmin(seen) < floor
          or pg_snapshot_xmax(seen) > pg_snapshot_xmax(snapshot) as gap,
        (select coalesce(min(day), 0) from querycast.days
          where end_xid is null or end_xid > pg_snapshot_xmin(seen)) as first_day
      from request cross join log
    )
    select channel, question.epoch, snapshot::text as snapshot, gap or amount > most as gap,
      case when amount <= most then rows::text end as rows,
      recent::text as recent, coalesce(access.epoch, 0) as access
    from question left join querycast.access_epochs as access using (channel) cross join lateral (
      select coalesce(sum(amount), 0)::int as amount, json_agg(json_build_object('id', id::text, 'name', name,
        'ids', ids, 'origin', origin, 'last', last) order by first) as rows
      from (
        select name, min(place) as first, count(*) as amount, bit_xor(('x' || id)::bit(128)) as id,
          case when count(ids) = count(*) and count(distinct ids) <= ${mostIds}::int
            then json_agg(distinct ids) end as ids,
          case when count(origin) = count(*) and count(distinct origin) = 1 then min(origin) end as origin,
          case when count(*) > 1 then (array_agg(id order by place desc))[1] end as last
        from (
          select name, ids, origin, md5(question.epoch || position) as id,
            row_number() over (order by xid, position) as place
          from querycast.signals
          where not gap and signals.channel = question.channel
            and hashtextextended(signals.channel, 0) = hashtextextended(question.channel, 0)
            and name <> ${epochChangedEvent}::text
            and day >= first_day
            and xid >= pg_snapshot_xmin(seen) and not pg_visible_in_snapshot(xid, seen)
            and pg_visible_in_snapshot(xid, snapshot)
          order by xid, position limit ${limits.replaySignals}::int + 1
        ) as new
        group by name
      ) as merged
    ) as missed cross join lateral (
      select json_agg(md5(question.epoch || position)) as recent
      from (
        select position from querycast.signals
        where signals.channel = question.channel
            and hashtextextended(signals.channel, 0) = hashtextextended(question.channel, 0)
            and name <> ${epochChangedEvent}::text
          and pg_visible_in_snapshot(xid, snapshot)
        order by xid desc, position desc limit ${recentSignals}::int
      ) as newest
    ) as head`;
  return new Map(answers.map((answer) => [answer.channel, toSince(answer)]));
}

function toSince({ epoch, snapshot, gap, rows, ...answer }: Answer): Since {
  const position = formatPosition(epoch, shorten(trustedSnapshot(snapshot)));
  const recent = answer.recent === null ? [] : (JSON.parse(answer.recent) as string[]);
  const head = { position, recent, accessEpoch: answer.access };
  if (gap) return { status: "gap", ...head };
  if (rows === null) return { status: "upToDate", ...head };
  const signals = (JSON.parse(rows) as Row[]).map(toSignal);
  return { status: "replay", ...head, signals };
}

function toSignal({ id, name, ids, origin, last }: Row): Signal {
  const lists = ids?.map(readIds);
  const known = lists?.every((list) => list !== null) ? lists.flat() : undefined;
  return {
    id: BigInt(`0b${id}`)
      .toString(16)
      .padStart(id.length / 4, "0"),
    name,
    ids: known !== undefined && known.length <= mostIds ? known : undefined,
    origin: origin ?? undefined,
    last: last ?? undefined,
  };
}
