/**
 * Cost of a captured table for 16 concurrent writers, with the relay running on the same cores and every signal
 * delivered to a real Soketi (P11), compared with the same inserts into a table without triggers, and with a row
 * trigger that calls `pg_notify`. The writers are loops inside Postgres, so that no client hides the cost.
 * `npm run bench bench/capture.ts`, about three minutes.
 */
import { pgTable, uuid } from "drizzle-orm/pg-core";
import postgres from "postgres";
import { startSoketi } from "../scripts/parts/soketi/soketi.ts";
import { captureSql } from "../src/realtime/capture/capture-sql.ts";
import { captureTable } from "../src/realtime/capture/capture-table.ts";
import { postgresJs } from "../src/realtime/log/connection/postgres-js.ts";
import { createRelayLog } from "../src/realtime/log/relay/relay-log.ts";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { ids } from "../src/realtime/protocol/ids.ts";
import { createRelay } from "../src/realtime/server/relay/create-relay.ts";
import { createPusherBroker } from "../src/realtime/transports/pusher/server.ts";
import { cpuMsOf, interleave, median, wait } from "./support/measure.ts";
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

/** The table `comments` of `startLogPostgres` has no trigger. */
const captured = pgTable("captured_comments", {
  id: uuid("id").primaryKey(),
  articleId: uuid("article_id").notNull(),
});
const channels = defineChannels({
  article: channel("article.{articleId}").signal("comment.created", ids("commentId")),
});
const capture = captureTable(captured, {
  on: { insert: "comment.created" },
  channel: channels.article,
  params: { articleId: captured.articleId },
  ids: { commentId: captured.id },
});
await sql.unsafe(`
  create table captured_comments (like comments including all);
  create table notified_comments (like comments including all);
  create function notify_of_row() returns trigger language plpgsql as $$
  begin
    perform pg_notify('bench', new.article_id::text);
    return null;
  end $$;
  create trigger notify after insert on notified_comments
    for each row execute function notify_of_row()`);
for (const statement of captureSql([capture])) await sql.unsafe(statement);

const contestants = {
  plain: { table: "comments", rows: 1 },
  captured: { table: "captured_comments", rows: 1 },
  notify: { table: "notified_comments", rows: 1 },
  "plain, 10 rows": { table: "comments", rows: 10 },
  "captured, 10 rows": { table: "captured_comments", rows: 10 },
} as const;
type Name = keyof typeof contestants;

for (const [name, { table, rows }] of Object.entries(contestants)) {
  await sql.unsafe(`
    create procedure "bench ${name}"(writer int, until_time timestamptz, inout transactions int) language plpgsql as $$
    declare
      article_id uuid := md5(writer::text)::uuid;
    begin
      while clock_timestamp() < until_time loop
        insert into ${table} (article_id, author_id, body)
        select article_id, article_id, repeat('A usual comment. ', 9) from generate_series(1, ${rows});
        commit;
        transactions := transactions + 1;
      end loop;
    end $$`);
}

async function write(name: Name) {
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
  // One signal for each statement, however many rows it changes.
  if (name.startsWith("captured")) {
    while (published - publishedBefore < transactions) await wait(20);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    cpuUs: (user + system) / transactions,
    perSecond: transactions / seconds,
    wal: Number(after?.wal) / transactions,
  };
}

/**
 * CPU of the backend for one statement inside a transaction, in µs: the least of several rounds. Other programs on the
 * machine change it little.
 */
async function cpuOfStatement({ table, rows }: (typeof contestants)[Name]): Promise<number> {
  const statements = 1000;
  const least: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await sql.begin(async (tx) => {
      const [backend] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      const cpu = () => cpuMsOf(backend?.pid ?? 0);
      const before = cpu();
      await tx.unsafe(`do $$ begin
        for n in 1..${statements} loop
          insert into ${table} (article_id, author_id, body)
          select id, id, repeat('A usual comment. ', 9)
          from generate_series(1, ${rows}), gen_random_uuid() id;
        end loop;
      end $$`);
      least.push(((cpu() - before) * 1000) / statements);
    });
  }
  return Math.min(...least);
}

print("CPU of a statement inside a transaction");
for (const [name, contestant] of Object.entries(contestants)) {
  print(`  ${name.padEnd(18)} ${format(await cpuOfStatement(contestant)).padStart(7)} µs`);
}

const ratios = { fast: Number.NaN, slow: Number.NaN, many: Number.NaN, wal: Number.NaN };
for (const [speed, delayUs] of [
  ["fast", 0],
  ["slow", 1000],
] as const) {
  await sql.unsafe(`alter system set commit_delay = ${delayUs}`);
  await sql.unsafe("alter system set commit_siblings = 0");
  await sql.unsafe("select pg_reload_conf()");
  for (const name of Object.keys(contestants)) await write(name as Name);
  worstLagMs = 0;
  const results = await interleave(ROUNDS, {
    plain: () => write("plain"),
    captured: () => write("captured"),
    notify: () => write("notify"),
    "plain, 10 rows": () => write("plain, 10 rows"),
    "captured, 10 rows": () => write("captured, 10 rows"),
  });
  print(`${WRITERS} writers, ${delayUs === 0 ? "commits as fast as the disk" : "commits of 1 ms"}`);
  const rate = (name: Name) => median(results[name].map((each) => each.perSecond));
  const wal = (name: Name) => median(results[name].map((each) => each.wal));
  for (const name of Object.keys(results) as Name[]) {
    const base = name.endsWith("10 rows") ? "plain, 10 rows" : "plain";
    print(
      `  ${name.padEnd(18)} ${format(rate(name)).padStart(7)} transactions/s  ${format(rate(name) / rate(base))}×  WAL ${format(wal(name))} bytes, ${format(wal(name) / wal(base))}×`,
    );
  }
  print(
    `  the relay: worst lag ${format(worstLagMs)} ms, ${format(median(results.captured.map((each) => each.cpuUs)))} µs CPU per signal`,
  );
  ratios[speed] = rate("captured") / rate("plain");
  if (speed === "slow") continue;
  ratios.many = rate("captured, 10 rows") / rate("plain, 10 rows");
  ratios.wal = wal("captured") / wal("plain");
}
goal("P11", "fast commit, everything delivered, beside a plain insert", ratios.fast, {
  atLeast: 0.7,
});
goal("P11", "1 ms commit, the same", ratios.slow, { atLeast: 0.95 });
goal("P11", "10 rows a statement, fast commit", ratios.many, { atLeast: 0.9 });
goal("P11", "WAL", ratios.wal, { atMost: 1.45 });

await relay.stop();
broker.close();
await sql.end();
await database.stop();
await soketi.stop();
finish();
