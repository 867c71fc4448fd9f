/**
 * Cost of publishing in the transaction for 16 concurrent writers, with the relay running on the same
 * cores and every signal delivered to a real Soketi (P11), compared with a plain insert and with `pg_notify`
 * in every transaction. The writers are loops inside Postgres, so that no client hides the cost.
 * `npx tsx bench/capture.ts`, about two minutes.
 */
import postgres from "postgres";
import { startSoketi } from "../scripts/parts/soketi.ts";
import { postgresJs } from "../src/realtime/log/connection/postgres-js.ts";
import { createRelayLog } from "../src/realtime/log/relay/relay-log.ts";
import { createRelay } from "../src/realtime/server/relay/create-relay.ts";
import { createPusherBroker } from "../src/realtime/transports/pusher/server.ts";
import { interleave, median, wait } from "./support/measure.ts";
import { startLogPostgres } from "./support/parts.ts";
import { finish, format, goal, print } from "./support/report.ts";

const ROUNDS = 5;
const ROUND_MS = 1500;
const WRITERS = 16;

const soketi = await startSoketi();
const database = await startLogPostgres();
const sql = postgres(database.url, { max: WRITERS + 1, onnotice: () => {} });
const broker = createPusherBroker({ ...soketi, tls: false });
let published = 0;
let worstLagMs = 0;
const relay = createRelay({
  log: createRelayLog({ open: postgresJs(database.url) }),
  broker,
  onEvent: (event) => {
    if (event.type !== "published") return;
    published += event.signals;
    worstLagMs = Math.max(worstLagMs, event.lagMs);
  },
});
relay.start();

const insert = (rows: number) => `
  insert into comments (id, article_id, author_id, body)
  select case when n = 1 then comment_id else gen_random_uuid() end, article_id, article_id, repeat('A usual comment. ', 9)
  from generate_series(1, ${rows}) n;`;
const contestants = {
  plain: { rows: 1, capture: "" },
  signals: {
    rows: 1,
    capture: `perform querycast.append_signals(json_build_array(json_build_object(
      'channel', 'article.' || article_id, 'name', 'comment.created',
      'ids', '{"commentId":"' || comment_id || '"}')), null, null);`,
  },
  notify: { rows: 1, capture: "perform pg_notify('bench', article_id::text);" },
  "plain, 10 rows": { rows: 10, capture: "" },
  "signals, 10 rows": {
    rows: 10,
    capture: `perform querycast.append_signals(json_build_array(json_build_object(
      'channel', 'article.' || article_id, 'name', 'comment.created')), null, null);`,
  },
} as const;

for (const [name, { rows, capture }] of Object.entries(contestants)) {
  await sql.unsafe(`
    create procedure "bench ${name}"(writer int, until_time timestamptz, inout transactions int) language plpgsql as $$
    declare
      article_id uuid := md5(writer::text)::uuid;
      comment_id uuid;
    begin
      while clock_timestamp() < until_time loop
        comment_id := gen_random_uuid();
        ${insert(rows)}
        ${capture}
        commit;
        transactions := transactions + 1;
      end loop;
    end $$`);
}

async function write(name: keyof typeof contestants) {
  const [before] = await sql<{ lsn: string; at: Date }[]>`
    select pg_current_wal_lsn() as lsn, clock_timestamp() + ${`${ROUND_MS} ms`}::interval as at`;
  if (before === undefined) throw new Error("Postgres does not tell its place in the WAL.");
  const publishedBefore = published;
  const cpuBefore = process.cpuUsage();
  const results = await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) =>
      sql.unsafe<{ transactions: number }[]>(
        `call "bench ${name}"(${writer}, '${before.at.toISOString()}', 0)`,
      ),
    ),
  );
  const transactions = results.reduce((sum, [row]) => sum + (row?.transactions ?? 0), 0);
  const [after] = await sql<{ wal: string }[]>`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), ${before.lsn}) as wal`;
  const seconds = ROUND_MS / 1000;
  if (name.startsWith("signals")) {
    while (published - publishedBefore < transactions) await wait(20);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    cpuUs: (user + system) / transactions,
    perSecond: transactions / seconds,
    wal: Number(after?.wal) / transactions,
  };
}

const ratios = { fast: Number.NaN, slow: Number.NaN, many: Number.NaN, wal: Number.NaN };
for (const [speed, delayUs] of [
  ["fast", 0],
  ["slow", 1000],
] as const) {
  await sql.unsafe(`alter system set commit_delay = ${delayUs}`);
  await sql.unsafe("alter system set commit_siblings = 0");
  await sql.unsafe("select pg_reload_conf()");
  for (const name of Object.keys(contestants)) await write(name as keyof typeof contestants);
  worstLagMs = 0;
  const results = await interleave(ROUNDS, {
    plain: () => write("plain"),
    signals: () => write("signals"),
    notify: () => write("notify"),
    "plain, 10 rows": () => write("plain, 10 rows"),
    "signals, 10 rows": () => write("signals, 10 rows"),
  });
  print(`${WRITERS} writers, ${delayUs === 0 ? "commits as fast as the disk" : "commits of 1 ms"}`);
  const rate = (name: keyof typeof results) => median(results[name].map((each) => each.perSecond));
  const wal = (name: keyof typeof results) => median(results[name].map((each) => each.wal));
  for (const name of Object.keys(results) as (keyof typeof results)[]) {
    const base = name.endsWith("10 rows") ? "plain, 10 rows" : "plain";
    print(
      `  ${name.padEnd(18)} ${format(rate(name)).padStart(7)} transactions/s  ${format(rate(name) / rate(base))}×  WAL ${format(wal(name))} bytes, ${format(wal(name) / wal(base))}×`,
    );
  }
  print(
    `  the relay: worst lag ${format(worstLagMs)} ms, ${format(median(results.signals.map((each) => each.cpuUs)))} µs CPU per signal`,
  );
  ratios[speed] = rate("signals") / rate("plain");
  if (speed === "slow") continue;
  ratios.many = rate("signals, 10 rows") / rate("plain, 10 rows");
  ratios.wal = wal("signals") / wal("plain");
}
goal("P11", "fast commit, everything delivered, beside a plain insert", ratios.fast, {
  atLeast: 0.65,
});
goal("P11", "1 ms commit, the same", ratios.slow, { atLeast: 0.97 });
goal("P11", "10 rows a statement, fast commit", ratios.many, { atLeast: 0.9 });
goal("P11", "WAL", ratios.wal, { atMost: 1.3 });

await relay.stop();
broker.close();
await sql.end();
await database.stop();
await soketi.stop();
finish();
