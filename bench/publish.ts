/**
 * Publishing to a real Soketi compared with `pusher.trigger` (P1, P2), and the time for which publishing delays a
 * writer (P3). `npm run bench bench/publish.ts`, about a minute.
 */
import { randomUUID } from "node:crypto";
import postgres from "postgres";
import Pusher from "pusher";
import { startSoketi } from "../scripts/parts/soketi/soketi.ts";
import { createSignalLog } from "../src/realtime/log/create-signal-log.ts";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { ids } from "../src/realtime/protocol/ids.ts";
import { signal } from "../src/realtime/protocol/signal.ts";
import type { Delivery } from "../src/realtime/server/ports.ts";
import { createPublisher } from "../src/realtime/server/publisher.ts";
import { createPusherBroker } from "../src/realtime/transports/pusher/server.ts";
import { interleave, median } from "./support/measure.ts";
import { port, startLogPostgres } from "./support/parts.ts";
import { finish, format, goal, print } from "./support/report.ts";

const ROUNDS = 7;
const ROUND_MS = 1000;
const CALLERS = 32;
const EVENTS_PER_BATCH = 10;
const HELD_WRITES = 300;

const soketi = await startSoketi();
const broker = createPusherBroker({ ...soketi, tls: false });
const pusher = new Pusher({ ...soketi, port: String(soketi.port), useTLS: false });

const channels = Array.from({ length: CALLERS }, () => `article.${randomUUID()}`);
const deliveries = channels.map(
  (name): Delivery => ({
    channel: name,
    accessEpoch: 0,
    signal: {
      id: randomUUID().replaceAll("-", ""),
      name: "comment.created",
      ids: [{ commentId: randomUUID() }],
      origin: undefined,
    },
  }),
);
const ours = async (caller: number) => {
  const delivery = deliveries[caller];
  if (delivery !== undefined) await broker.publish([delivery]);
};
const theirs = async (caller: number) => {
  const { signal: sent } = deliveries[caller] ?? {};
  const response = await pusher.trigger(`private-${channels[caller]}.e0`, "comment.created", {
    v: 1,
    id: sent?.id,
    ids: sent?.ids,
  });
  await response.text();
};

/** The package alone, always in full batches: without order, deadlines, or a check of the answer. */
const theirBatches = async () => {
  const response = await pusher.triggerBatch(
    deliveries.slice(0, EVENTS_PER_BATCH).map(({ channel: name, signal: sent }) => ({
      channel: `private-${name}.e0`,
      name: sent.name,
      data: { v: 1, id: sent.id, ids: sent.ids },
    })),
  );
  await response.text();
};

/** Each caller sends one event, or batch, after the other and waits for the broker's confirmation. */
async function load(send: (caller: number) => Promise<void>, callers: number, eventsPerSend = 1) {
  const latencies: number[] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (performance.now() - start < ROUND_MS) {
        const sentAtMs = performance.now();
        await send(caller);
        latencies.push(performance.now() - sentAtMs);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: (latencies.length * eventsPerSend) / seconds,
    latencyMs: median(latencies),
    cpuUs: (user + system) / latencies.length / eventsPerSend,
  };
}

print(`Publishing to Soketi, ${ROUNDS} rounds of ${ROUND_MS} ms each`);
await load(ours, CALLERS);
await load(theirs, CALLERS);
const results = await interleave(ROUNDS, {
  "pusher.trigger, 1 caller": () => load(theirs, 1),
  "publish, 1 caller": () => load(ours, 1),
  [`pusher.trigger, ${CALLERS} callers`]: () => load(theirs, CALLERS),
  [`publish, ${CALLERS} callers`]: () => load(ours, CALLERS),
  "triggerBatch of ten, 4 at once": () => load(theirBatches, 4, EVENTS_PER_BATCH),
});
const rows = Object.entries(results).map(([name, rounds]) => ({
  name,
  perSecond: median(rounds.map((each) => each.perSecond)),
  latencyMs: median(rounds.map((each) => each.latencyMs)),
  cpuUs: median(rounds.map((each) => each.cpuUs)),
}));
for (const { name, perSecond, latencyMs, cpuUs } of rows) {
  print(
    `  ${name.padEnd(30)} ${format(perSecond).padStart(8)} events/s   p50 ${format(latencyMs)} ms   ${format(cpuUs)} µs CPU/event`,
  );
}
const [theirIdle, ourIdle, theirMany, ourMany] = rows;
if (theirIdle && ourIdle && theirMany && ourMany) {
  goal("P1", "throughput, 32 callers", ourMany.perSecond / theirMany.perSecond, { atLeast: 8 });
  goal("P1", "CPU per event", ourMany.cpuUs / theirMany.cpuUs, { atMost: 0.125 });
  goal("P2", "latency, idle", ourIdle.latencyMs / theirIdle.latencyMs, { atMost: 0.85 });
  goal("P2", "latency, 32 callers", ourMany.latencyMs / theirMany.latencyMs, { atMost: 0.15 });
}
broker.close();

print();
print(`A transaction that inserts a comment, ${ROUNDS} rounds of ${HELD_WRITES}`);
const database = await startLogPostgres();
// The flush at commit is the same with and without a signal. Its noise would hide the difference.
const connection = { synchronous_commit: "off" };
const sql = postgres(database.url, { max: 1, onnotice: () => {}, connection });
const registry = defineChannels({
  article: channel("article.{articleId}").signal("comment.created", ids("commentId")),
});
const { publish } = createPublisher({
  channels: registry,
  log: createSignalLog({ sql: port(sql) }),
});
const articleId = randomUUID();
const insert = (tx: postgres.TransactionSql, id: string) =>
  tx`insert into comments (id, article_id, author_id, body) values (${id}, ${articleId}, ${articleId}, ${"A comment of a usual length. ".repeat(5)})`;
const publishIn = (tx: postgres.TransactionSql, id: string) =>
  publish(signal(registry.article({ articleId }), "comment.created", { commentId: id }), {
    tx: port(tx),
  });

async function held(write: (tx: postgres.TransactionSql, id: string) => Promise<unknown>) {
  const times: number[] = [];
  for (let index = 0; index < HELD_WRITES; index++) {
    const start = performance.now();
    await sql.begin((tx) => write(tx, randomUUID()));
    times.push(performance.now() - start);
  }
  return median(times);
}
const writes = await interleave(ROUNDS, {
  insert: () => held(insert),
  "insert, then publish": () =>
    held(async (tx, id) => {
      await insert(tx, id);
      await publishIn(tx, id);
    }),
  "insert and publish in one pipeline": () =>
    held((tx, id) => Promise.all([insert(tx, id), publishIn(tx, id)])),
  "insert, then pusher.trigger": async () => {
    const times: number[] = [];
    for (let index = 0; index < HELD_WRITES / 3; index++) {
      const start = performance.now();
      await sql.begin((tx) => insert(tx, randomUUID()));
      await theirs(0);
      times.push(performance.now() - start);
    }
    return median(times);
  },
});
const plain = median(writes.insert);
for (const [name, times] of Object.entries(writes)) {
  print(`  ${name.padEnd(34)} ${format(median(times))} ms, ${format(median(times) - plain)} more`);
}
goal(
  "P3",
  "time a writer is held by publishing, pipelined with its own statement",
  median(writes["insert and publish in one pipeline"]) - plain,
  { atMost: 0.05 },
  " ms",
);
await sql.end();
await database.stop();
await soketi.stop();
finish();
