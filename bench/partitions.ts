/**
 * Cost of the log's daily partitions for a writer: `append_signals` on the log as one
 * table, compared with the log with a few days. 16 loops inside Postgres, without a reader that could
 * hide the difference. `npm run bench bench/partitions.ts`, half a minute.
 */
import postgres from "postgres";
import { interleave, median } from "./support/measure.ts";
import { startLogPostgres } from "./support/parts.ts";
import { finish, format, goal, print } from "./support/report.ts";

const ROUNDS = 7;
const ROUND_MS = 1000;
const WRITERS = 16;
const DAYS = 5;

const database = await startLogPostgres();
const sql = postgres(database.url, { max: WRITERS + 1, onnotice: () => {} });
await sql.unsafe(`
  create schema flat;
  create table flat.signals (
    xid xid8 not null default pg_current_xact_id(),
    position bigint generated always as identity,
    created_at timestamptz not null default now(),
    channel text collate "C" not null,
    name text collate "C" not null,
    ids text collate "C",
    origin text collate "C",
    correlation text default left(nullif(current_setting('querycast.correlation', true), ''), 64)
  );
  create index on flat.signals (xid);
  create index on flat.signals (hashtextextended(channel, 0), xid);
  create function flat.append_signals(signals json, idempotency_key text, origin text) returns boolean
  language plpgsql security definer set search_path = pg_catalog
  as $$
  begin
    insert into flat.signals (channel, name, ids, origin)
    select signal.channel, signal.name, signal.ids, append_signals.origin::querycast.origin
    from json_to_recordset(signals) as signal (
      channel querycast.channel_name, name querycast.signal_name, ids querycast.signal_ids);
    if coalesce(pg_sequence_last_value('querycast.relay_sleeps_until'::regclass), 0)
      > extract(epoch from clock_timestamp()) * 1000 then
      perform pg_notify('querycast', '');
    end if;
    return true;
  end
  $$`);
for (let day = 0; day < DAYS; day++) {
  await sql`update querycast.days set began_at = began_at - interval '25 hours'`;
  await sql`select querycast.prune_signals(${720 * 60 * 60 * 1000}, 1)`;
}

for (const schema of ["flat", "querycast"]) {
  await sql.unsafe(`
    create procedure "bench ${schema}"(writer int, until_time timestamptz, inout transactions int) language plpgsql as $$
    declare
      article_id uuid := md5(writer::text)::uuid;
    begin
      while clock_timestamp() < until_time loop
        perform ${schema}.append_signals(json_build_array(json_build_object(
          'channel', 'article.' || article_id, 'name', 'comment.created',
          'ids', '{"commentId":"' || gen_random_uuid() || '"}')), null, null);
        commit;
        transactions := transactions + 1;
      end loop;
    end $$`);
}

async function append(schema: "flat" | "querycast") {
  const [start] = await sql<{ lsn: string; until: Date }[]>`
    select pg_current_wal_lsn() as lsn, clock_timestamp() + ${`${ROUND_MS} ms`}::interval as until`;
  if (start === undefined) throw new Error("Postgres does not tell its place in the WAL.");
  const results = await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) =>
      sql.unsafe<{ transactions: number }[]>(
        `call "bench ${schema}"(${writer}, '${start.until.toISOString()}', 0)`,
      ),
    ),
  );
  const transactions = results.reduce((sum, [row]) => sum + (row?.transactions ?? 0), 0);
  const [end] = await sql<{ bytes: string }[]>`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), ${start.lsn}) as bytes`;
  return {
    perSecond: transactions / (ROUND_MS / 1000),
    walBytes: Number(end?.bytes) / transactions,
  };
}

print(`Appending, ${WRITERS} writers, ${ROUNDS} rounds of ${ROUND_MS} ms, ${DAYS} days`);
await append("flat");
await append("querycast");
const results = await interleave(ROUNDS, {
  "one table": () => append("flat"),
  "in days": () => append("querycast"),
});
const of = (name: keyof typeof results, what: "perSecond" | "walBytes") =>
  median(results[name].map((each) => each[what]));
for (const name of ["one table", "in days"] as const) {
  print(
    `  ${name.padEnd(10)} ${format(of(name, "perSecond")).padStart(7)} transactions/s, WAL ${format(of(name, "walBytes"))} bytes`,
  );
}
goal(
  "days",
  "throughput of appends alone",
  of("in days", "perSecond") / of("one table", "perSecond"),
  {
    atLeast: 0.95,
  },
);
goal("days", "WAL of an append", of("in days", "walBytes") / of("one table", "walBytes"), {
  atMost: 1.05,
});
await sql.end();
await database.stop();
finish();
