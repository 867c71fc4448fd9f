import { limits } from "../protocol/limits.ts";
import { mergeSignals } from "../protocol/merge-signals.ts";
import { movedEvent } from "../protocol/moved.ts";
import type { Since, SinceRequest, Sql } from "../server/ports.ts";
import { formatPosition, parsePosition, trustedSnapshot } from "./position.ts";
import { readIds } from "./read-ids.ts";
import { formatSnapshot, shorten } from "./snapshot.ts";

/** More than one, since what is youngest in the log need not be what the relay sent last. */
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

interface Row {
  readonly id: string;
  readonly name: string;
  readonly ids: string | null;
  readonly origin: string | null;
}

/** One statement for all channels: every answer is of the same moment, and so is every new position. */
export async function since(
  sql: Sql,
  requests: readonly SinceRequest[],
): Promise<ReadonlyMap<string, Since>> {
  const asked = requests.map(({ channel, position }) => {
    const known = parsePosition(position);
    return { channel, epoch: known?.epoch, seen: known && formatSnapshot(known.snapshot) };
  });
  const answers = await sql<Answer>`
    with request as materialized (
      select channel, epoch, seen::pg_snapshot as seen
      from json_to_recordset(${JSON.stringify(asked)}::text::json) as each (channel text, epoch text, seen text)
    ), log as materialized (
      select querycast.log_epoch() as epoch, pg_current_snapshot() as snapshot, floor from querycast.log
    ), question as materialized (
      select request.channel, seen, log.epoch, snapshot,
        seen is null or request.epoch <> log.epoch
          or pg_snapshot_xmin(seen) < floor
          or pg_snapshot_xmax(seen) > pg_snapshot_xmax(snapshot) as gap,
        (select coalesce(min(day), 0) from querycast.days
          where end_xid is null or end_xid > pg_snapshot_xmin(seen)) as first_day
      from request cross join log
    )
    select channel, question.epoch, snapshot::text as snapshot, gap or amount > ${limits.replaySignals}::int as gap,
      case when amount <= ${limits.replaySignals}::int then rows::text end as rows,
      recent::text as recent, coalesce(access.epoch, 0) as access
    from question left join querycast.access_epochs as access using (channel) cross join lateral (
      select count(*) as amount, json_agg(json_build_object(
        'id', md5(question.epoch || position), 'name', name, 'ids', ids, 'origin', origin)) as rows
      from (
        select position, name, ids, origin from querycast.signals
        where not gap and signals.channel = question.channel and name <> ${movedEvent}::text
          and day >= first_day
          and xid >= pg_snapshot_xmin(seen) and not pg_visible_in_snapshot(xid, seen)
          and pg_visible_in_snapshot(xid, snapshot)
        order by xid, position limit ${limits.replaySignals}::int + 1
      ) as new
    ) as missed cross join lateral (
      select json_agg(md5(question.epoch || position)) as recent
      from (
        select position from querycast.signals
        where signals.channel = question.channel and name <> ${movedEvent}::text
          and pg_visible_in_snapshot(xid, snapshot)
        order by xid desc, position desc limit ${recentSignals}::int
      ) as youngest
    ) as head`;
  return new Map(answers.map((answer) => [answer.channel, toSince(answer)]));
}

function toSince({ epoch, snapshot, gap, rows, ...answer }: Answer): Since {
  const position = formatPosition(epoch, shorten(trustedSnapshot(snapshot)));
  const recent = answer.recent === null ? [] : (JSON.parse(answer.recent) as string[]);
  const head = { position, recent, accessEpoch: answer.access };
  if (gap) return { status: "gap", ...head };
  if (rows === null) return { status: "upToDate", ...head };
  const signals = (JSON.parse(rows) as Row[]).map(({ id, name, ids, origin }) => {
    const known = readIds(ids);
    return { id, name, ids: known === null ? undefined : [known], origin: origin ?? undefined };
  });
  return { status: "replay", ...head, signals: mergeSignals(signals) };
}
