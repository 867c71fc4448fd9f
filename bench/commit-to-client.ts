/**
 * Time from the commit to the client over Postgres (P6): the log, its relay and a real Soketi, and the log with
 * a hub and a stream, compared with an insert followed by `pusher.trigger`. One write at a time, while the reader
 * of the log is idle. The writer wakes the relay after its commit, as a process does that runs both. `npm run bench bench/commit-to-client.ts`, about two minutes.
 */
import { randomUUID } from "node:crypto";
import postgres from "postgres";
import Pusher from "pusher";
import PusherClient from "pusher-js";
import { startSoketi } from "../scripts/parts/soketi/soketi.ts";
import { postgresJs } from "../src/realtime/log/connection/postgres-js.ts";
import { createSignalLog } from "../src/realtime/log/create-signal-log.ts";
import { createFollowLog } from "../src/realtime/log/relay/follow-log.ts";
import { createRelayLog } from "../src/realtime/log/relay/relay-log.ts";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { ids } from "../src/realtime/protocol/ids.ts";
import { signal } from "../src/realtime/protocol/signal.ts";
import { createPublisher } from "../src/realtime/server/publisher.ts";
import { createRelay, type Relay } from "../src/realtime/server/relay/create-relay.ts";
import { createPusherBroker } from "../src/realtime/transports/pusher/server.ts";
import { sse } from "../src/realtime/transports/sse/client.ts";
import { createRawStreamHandler } from "../src/realtime/transports/sse/create-raw-stream-handler.ts";
import { createSseHub } from "../src/realtime/transports/sse/hub.ts";
import { serveRaw } from "../tests/support/servers/serve-raw.ts";
import { interleave, median, quantile, wait } from "./support/measure.ts";
import { port, startLogPostgres } from "./support/parts.ts";
import { finish, format, goal, print } from "./support/report.ts";

const ROUNDS = 10;
const WRITES = 30;
/** Longer than the relay polls after a signal before it goes idle. */
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
let received: (() => void) | undefined;
const subscription = client.subscribe(wireName);
subscription.bind("comment.created", () => received?.());
await new Promise((resolve) => subscription.bind("pusher:subscription_succeeded", resolve));

const viewer = { id: "reader" };
const hub = createSseHub({ secret: "a secret of at least 32 characters" });
const feed = createRelay({ log: createFollowLog({ open: postgresJs(database.url) }), broker: hub });
const handle = createRawStreamHandler({
  hub,
  relay: { health: () => ({ ...feed.health(), state: "leading" }) },
  getViewer: async () => viewer,
  allowedOrigins: [],
});
const route = await serveRaw((request, response) => void handle(request, response));
/** Resolves when it is subscribed. A stream lives four minutes, so each round opens one. */
const openStream = () =>
  new Promise<() => void>((resolve) => {
    const connection = sse({ endpoint: `http://${route.host}:${route.port}/` }).connect({
      connected: async (socketId) =>
        connection.subscribe(wireName, await hub.signJoin(socketId, wireName, viewer)),
      disconnected: ({ message }) => print(`The stream was lost: ${message}`),
      subscribed: () => resolve(connection.close),
      subscriptionFailed: () => print("The subscription failed."),
      event: () => received?.(),
    });
  });

/** Only one of them reads the log at a time, because a second reader would slow the first. */
async function reading<Result>(reader: Relay, run: () => Promise<Result>): Promise<Result> {
  reader.start();
  while (reader.health().state !== "leading") await wait(5);
  try {
    return await run();
  } finally {
    await reader.stop();
  }
}

const publishing = (reader: Relay) =>
  measure(async (id) => {
    await sql.begin((tx) =>
      Promise.all([
        insert(tx, id),
        publish(signal(article, "comment.created", { commentId: id }), { tx: port(tx) }),
      ]),
    );
    const committedAtMs = performance.now();
    reader.wake();
    return committedAtMs;
  });

const insert = (tx: postgres.TransactionSql, id: string) =>
  tx`insert into comments (id, article_id, author_id, body) values (${id}, ${randomUUID()}, ${randomUUID()}, ${"A comment of a usual length. ".repeat(5)})`;

/** @returns milliseconds from the start of the write, and from its acknowledgement, to the client */
async function measure(write: (id: string) => Promise<number>) {
  const samples: { total: number; afterCommit: number }[] = [];
  for (let index = 0; index < WRITES; index++) {
    await wait(REST_MS);
    const arrival = new Promise<number>((resolve) => {
      received = () => resolve(performance.now());
    });
    const start = performance.now();
    const [committedAtMs, arrivedAt] = await Promise.all([write(randomUUID()), arrival]);
    samples.push({ total: arrivedAt - start, afterCommit: arrivedAt - committedAtMs });
  }
  return samples;
}

print(`One write at a time, ${ROUNDS} rounds of ${WRITES}`);
const results = await interleave(ROUNDS, {
  "insert, then pusher.trigger": () =>
    measure(async (id) => {
      await sql.begin((tx) => insert(tx, id));
      const committedAtMs = performance.now();
      const sent = await pusher.trigger(wireName, "comment.created", {
        v: 1,
        id,
        ids: [{ commentId: id }],
      });
      await sent.text();
      return committedAtMs;
    }),
  "insert and publish, relay": () => reading(relay, () => publishing(relay)),
  "insert and publish, stream": () =>
    reading(feed, async () => {
      const close = await openStream();
      try {
        return await publishing(feed);
      } finally {
        close();
      }
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
const [theirs, overBroker, overStream] = rows;
const held = [
  { what: "Soketi", ours: overBroker, p50: 0.8, p99: 5 },
  { what: "SSE", ours: overStream, p50: 0.3, p99: 1.5 },
];
for (const { what, ours, p50, p99 } of held) {
  if (theirs === undefined || ours === undefined) continue;
  const total = (row: typeof ours) => row.all.map((each) => each.total);
  const after = ours.all.map((each) => each.afterCommit);
  goal(
    "P6",
    `${what}: from the start of the write, p50, beside insert + pusher.trigger`,
    median(total(ours)) / median(total(theirs)),
    { atMost: 1 },
  );
  goal("P6", `${what}: after the commit, p50`, median(after), { atMost: p50 }, " ms");
  goal("P6", `${what}: after the commit, p99`, quantile(after, 0.99), { atMost: p99 }, " ms");
}
client.disconnect();
broker.close();
hub.close();
await route.close();
await sql.end();
await database.stop();
await soketi.stop();
finish();
