/**
 * Latencies of a busy site over Postgres and a real Soketi: the lag from commit to the
 * broker's confirmation at 300 transactions a second, and the time the route takes to sign a join at 100 requests
 * a second, each decided under row-level security. `npm run bench bench/steady.ts`, half a minute.
 *
 * Work starts on schedule, even while earlier work is unfinished, so a server that is too slow shows it.
 */
import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { startSoketi } from "../scripts/parts/soketi/soketi.ts";
import { postgresJs } from "../src/realtime/log/connection/postgres-js.ts";
import { createSignalLog } from "../src/realtime/log/create-signal-log.ts";
import { createRelayLog } from "../src/realtime/log/relay/relay-log.ts";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { ids } from "../src/realtime/protocol/ids.ts";
import { signal } from "../src/realtime/protocol/signal.ts";
import { PROTOCOL_VERSION } from "../src/realtime/protocol/version.ts";
import type { Sql } from "../src/realtime/server/ports.ts";
import { createRelay } from "../src/realtime/server/relay/create-relay.ts";
import { createRealtimeHandler } from "../src/realtime/server/route/create-realtime-handler.ts";
import { authorize, byRls } from "../src/realtime/server/route/rules.ts";
import type { Viewer } from "../src/realtime/server/viewer.ts";
import { createPusherBroker } from "../src/realtime/transports/pusher/server.ts";
import { quantile, wait } from "./support/measure.ts";
import { port, startLogPostgres } from "./support/parts.ts";
import { finish, format, goal, print } from "./support/report.ts";

const SECONDS = 10;
const TRANSACTIONS_PER_S = 300;
const JOINS_PER_S = 100;
const CHANNELS = 16;

const soketi = await startSoketi();
const database = await startLogPostgres();
const sql = postgres(database.url, { max: 16, onnotice: () => {} });
const broker = createPusherBroker({ ...soketi, tls: false });
const log = createSignalLog({ sql: port(sql) });
const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")),
});
const rooms = Array.from({ length: CHANNELS }, () => channels.room({ roomId: randomUUID() }));

/** Begins `work` that many times a second for {@link SECONDS}, and resolves when all of it is done. */
async function offer(perSecond: number, work: (index: number) => Promise<void>) {
  const startMs = performance.now();
  const begun: Promise<void>[] = [];
  while (performance.now() - startMs < SECONDS * 1000) {
    const due = Math.floor(((performance.now() - startMs) * perSecond) / 1000);
    while (begun.length < due) begun.push(work(begun.length));
    await wait(2);
  }
  await Promise.all(begun);
  return begun.length / ((performance.now() - startMs) / 1000);
}

const lagsMs: number[] = [];
const relay = createRelay({
  log: createRelayLog({ open: postgresJs(database.url) }),
  broker,
  onEvent: (event) => {
    if (event.type !== "published") return;
    for (let n = 0; n < event.signals; n += 1) lagsMs.push(event.lagMs);
  },
});
relay.start();
while (relay.health().state !== "leading") await wait(10);
const rate = await offer(TRANSACTIONS_PER_S, async (index) => {
  const room = rooms[index % CHANNELS];
  if (room === undefined) return;
  await sql.begin(async (tx) => {
    const id = randomUUID();
    await tx`insert into comments (id, article_id, author_id, body) values (${id}, ${id}, ${id}, 'A comment.')`;
    await log.append(port(tx), [signal(room, "message.posted", { messageId: id })]);
  });
});
while (relay.health().backlog > 0) await wait(10);
print(
  `Commit to the broker's ok at ${format(rate)} transactions/s, ${format(lagsMs.length)} signals`,
);
print("  each signal counted with the lag of the oldest of its batch");
goal("lag", "p50", quantile(lagsMs, 0.5), { atMost: 30 }, " ms");
goal("lag", "p99", quantile(lagsMs, 0.99), { atMost: 250 }, " ms");
await relay.stop();

await sql.unsafe(`
  create table rooms (id text primary key, owner text not null);
  insert into rooms select 'r' || n, 'reader' from generate_series(1, 1000) n;
  alter table rooms enable row level security;
  alter table rooms force row level security;
  create role bench_reader;
  grant select on rooms to bench_reader;
  create policy own on rooms for select using (owner = current_setting('app.user_id', true));
`);
const route = createRealtimeHandler<Viewer, Sql>({
  authority: authorize(channels, {
    room: byRls(({ roomId }, { tx }) => tx`select from rooms where id = ${roomId}`),
  }),
  getViewer: async () => ({ id: "reader" }),
  read: ({ id }, fn) =>
    sql.begin("read only", async (tx) => {
      await tx`set local role bench_reader`;
      await tx`select set_config('app.user_id', ${id}, true)`;
      return fn(port(tx));
    }) as never,
  log,
  broker,
  secret: "a secret of at least 32 characters",
  allowedOrigins: [],
  rateLimit: { take: () => 0 },
});
const tookMs: number[] = [];
let refused = 0;
await offer(JOINS_PER_S, async (index) => {
  const names = Array.from({ length: 5 }, (_, n) => `room.r${((index + n) % 1000) + 1}`);
  const startMs = performance.now();
  const response = await route(
    new Request("http://site.test/api/realtime", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ v: PROTOCOL_VERSION, type: "join", socketId: "1.1", channels: names }),
    }),
  );
  if (response.status !== 200) refused += 1;
  await response.text();
  tookMs.push(performance.now() - startMs);
});
print(`A join of five channels, ${JOINS_PER_S} requests/s, ${format(tookMs.length)} in all`);
print(`  p50 ${format(quantile(tookMs, 0.5))} ms`);
goal("join", "p99", quantile(tookMs, 0.99), { atMost: 50 }, " ms");
goal("join", "not answered with 200", refused, { atMost: 0 }, "");

broker.close();
await sql.end();
await database.stop();
await soketi.stop();
finish();
