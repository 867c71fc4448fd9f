/**
 * From the commit to the client over Postgres and a real Soketi (P6): the log and its relay, beside an
 * insert followed by `pusher.trigger`. One lone write at a time, the relay asleep before each, and told by
 * the writer, as in a server that relays.
 * `npx tsx bench/commit-to-client.ts`, about a minute.
 */
import { randomUUID } from "node:crypto";
import postgres from "postgres";
import Pusher from "pusher";
import PusherClient from "pusher-js";
import { startSoketi } from "../scripts/parts/soketi.ts";
import { createSignalLog } from "../src/realtime/log/create-signal-log.ts";
import { postgresJs } from "../src/realtime/log/postgres-js.ts";
import { createRelayLog } from "../src/realtime/log/relay-log.ts";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { ids } from "../src/realtime/protocol/ids.ts";
import { signal } from "../src/realtime/protocol/signal.ts";
import { createRelay } from "../src/realtime/server/create-relay.ts";
import { createPublisher } from "../src/realtime/server/publisher.ts";
import { createPusherBroker } from "../src/realtime/transports/pusher/server.ts";
import { interleave, median, quantile, wait } from "./support/measure.ts";
import { port, startLogPostgres } from "./support/parts.ts";
import { finish, format, goal, print } from "./support/report.ts";

const ROUNDS = 10;
const WRITES = 30;
/** Longer than the relay stays awake. */
const REST_MS = 60;

const soketi = await startSoketi();
const database = await startLogPostgres();
const sql = postgres(database.url, { max: 1, onnotice: () => {} });
const registry = defineChannels({
  article: channel("article.{articleId}").signal("comment.created", ids("commentId")),
});
const article = registry.article({ articleId: randomUUID() });
const wireName = `private-${article.name}.e0`;
const { publish } = createPublisher({
  channels: registry,
  log: createSignalLog({ sql: port(sql) }),
});
const broker = createPusherBroker({ ...soketi, tls: false });
const relay = createRelay({ log: createRelayLog({ open: postgresJs(database.url) }), broker });
const pusher = new Pusher({ ...soketi, port: String(soketi.port), useTLS: false });

const client = new PusherClient(soketi.key, {
  cluster: "",
  wsHost: soketi.host,
  wsPort: soketi.port,
  forceTLS: false,
  enabledTransports: ["ws"],
  channelAuthorization: {
    endpoint: "",
    transport: "ajax",
    customHandler: ({ socketId, channelName }, callback) => {
      broker.signJoin(socketId, channelName).then(
        (auth) => callback(null, { auth }),
        (error: Error) => callback(error, null),
      );
    },
  },
});
let heard: (() => void) | undefined;
const subscription = client.subscribe(wireName);
subscription.bind("comment.created", () => heard?.());
await new Promise((resolve) => subscription.bind("pusher:subscription_succeeded", resolve));
relay.start();

const insert = (tx: postgres.TransactionSql, id: string) =>
  tx`insert into comments (id, article_id, author_id, body) values (${id}, ${randomUUID()}, ${randomUUID()}, ${"A comment of a usual length. ".repeat(5)})`;

/** @returns milliseconds from the start of the write, and from its acknowledgement, to the client */
async function measure(write: (id: string) => Promise<number>) {
  const samples: { total: number; afterCommit: number }[] = [];
  for (let index = 0; index < WRITES; index++) {
    await wait(REST_MS);
    const arrival = new Promise<number>((resolve) => {
      heard = () => resolve(performance.now());
    });
    const start = performance.now();
    const [committedAt, arrivedAt] = await Promise.all([write(randomUUID()), arrival]);
    samples.push({ total: arrivedAt - start, afterCommit: arrivedAt - committedAt });
  }
  return samples;
}

print(`One write at a time, ${ROUNDS} rounds of ${WRITES}`);
const results = await interleave(ROUNDS, {
  "insert, then pusher.trigger": () =>
    measure(async (id) => {
      await sql.begin((tx) => insert(tx, id));
      const committedAt = performance.now();
      const sent = await pusher.trigger(wireName, "comment.created", {
        v: 1,
        id,
        ids: [{ commentId: id }],
      });
      await sent.text();
      return committedAt;
    }),
  "insert and publish, relay": () =>
    measure(async (id) => {
      await sql.begin((tx) =>
        Promise.all([
          insert(tx, id),
          publish(signal(article, "comment.created", { commentId: id }), { tx: port(tx) }),
        ]),
      );
      relay.ring();
      return performance.now();
    }),
});
const rows = Object.entries(results).map(([name, rounds]) => ({ name, all: rounds.flat() }));
for (const { name, all } of rows) {
  const total = all.map((each) => each.total);
  const after = all.map((each) => each.afterCommit);
  print(
    `  ${name.padEnd(28)} from the start p50 ${format(median(total))} p99 ${format(quantile(total, 0.99))} ms; after the commit p50 ${format(median(after))} p99 ${format(quantile(after, 0.99))} ms`,
  );
}
const [theirs, ours] = rows;
if (theirs && ours) {
  const total = (row: typeof ours) => row.all.map((each) => each.total);
  const after = ours.all.map((each) => each.afterCommit);
  goal(
    "P6",
    "from the start of the write, p50, beside insert + pusher.trigger",
    median(total(ours)) / median(total(theirs)),
    { atMost: 1 },
  );
  goal("P6", "after the commit, p50", median(after), { atMost: 0.8 }, " ms");
  goal("P6", "after the commit, p99", quantile(after, 0.99), { atMost: 5 }, " ms");
}
client.disconnect();
await relay.stop();
broker.close();
await sql.end();
await database.stop();
await soketi.stop();
finish();
