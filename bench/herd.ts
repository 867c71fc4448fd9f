/**
 * A thousand clients reconnect at once after a broker restart (P15): requests of each client to the server,
 * their spread over the window that the server sets, and the latency of the answers, compared with plain
 * pusher-js. `npm run bench bench/herd.ts`, about two minutes.
 *
 * All clients live in this process, and so does the server: the real route and its counting, over a log
 * and a broker in memory. pusher-js uses the same broker behind real sockets, and fewer clients,
 * because each of them needs a socket.
 */
import Pusher from "pusher-js";
import { createRealtimeClient } from "../src/realtime/client/client.ts";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { authorize } from "../src/realtime/server/route/rules.ts";
import { createFakeBroker } from "../src/realtime/testing/fakes/fake-broker.ts";
import { createMemoryServer } from "../src/realtime/testing/memory/memory-server.ts";
import { quantile, wait } from "./support/measure.ts";
import { finish, format, goal, print } from "./support/report.ts";

const CLIENTS = 1_000;
const PEERS = 50;
const CHANNELS = 10;
const OUTAGE_MS = 10_000;
/** Every client is back after the longest back-off and the windows of joining and catching up. */
const LONGEST_MS = 30_000;
const SLICE_MS = 100;
/** The server counts at the broker again after 5 s. */
const COUNT_MS = 5_100;
/** A thousand clients come back over 5 s, less the random gaps at both ends. */
const SPREAD_MS = 4_900;
/** Three times the average of 1,000 joins over 5 s: a pause of this process releases several at once. */
const PEAK = 60;
const AUTH_P99_MS = 100;

const channels = defineChannels({ page: channel("page.{pageId}").signal("page.changed") });
const refs = Array.from({ length: CHANNELS }, (_, pageId) => channels.page({ pageId }));

/** Requests of one crowd to the server after the broker was back. */
interface Return {
  readonly clients: number;
  /** Requests by kind. */
  readonly requests: Readonly<Record<string, number>>;
  /** Milliseconds from the return of the broker to each join request. */
  readonly joins: readonly number[];
  /** Latency of each answer to a join, in ms. */
  readonly authMs: readonly number[];
  /** Answers with a status of 500 or more. */
  readonly failures: number;
}

/** @param outageMs 0: every socket is cut, and the broker is reachable at once */
async function querycast(outageMs: number): Promise<Return> {
  const server = createMemoryServer({ authority: authorize(channels, { page: () => true }) });
  const broker = server.fake;
  const route = server.fetch({ id: "reader" });
  let sinceMs = Number.POSITIVE_INFINITY;
  const joins: number[] = [];
  const authMs: number[] = [];
  let failures = 0;
  const requests: Record<string, number> = {};
  const ask: typeof fetch = async (url, init) => {
    const { type } = JSON.parse(String(init?.body)) as { readonly type: string };
    const startMs = performance.now();
    const response = await route(url, init);
    if (startMs < sinceMs) return response;
    requests[type] = (requests[type] ?? 0) + 1;
    if (type === "join") {
      joins.push(startMs - sinceMs);
      authMs.push(performance.now() - startMs);
    }
    if (response.status >= 500) failures += 1;
    return response;
  };
  const open = () => {
    const client = createRealtimeClient({ channels, transport: broker.transport, fetch: ask });
    for (const ref of refs) client.subscribe(ref);
    return client;
  };
  const crowd = Array.from({ length: CLIENTS - 1 }, open);
  const isBack = () => crowd.every((client) => client.getState().status === "live");
  await until(isBack);
  // All clients joined at once, before they were counted. The next join causes a count, and the answers to
  // a first reconnect carry the result to each client.
  await wait(COUNT_MS);
  crowd.push(open());
  await until(isBack);
  broker.cut();
  await until(() => !isBack());
  await until(isBack);
  if (outageMs > 0) {
    broker.stop();
    await wait(outageMs);
    sinceMs = performance.now();
    broker.start();
  } else {
    sinceMs = performance.now();
    broker.cut();
  }
  await until(() => joins.length > 0);
  await until(isBack);
  for (const client of crowd) client.close();
  await server.close();
  return { clients: CLIENTS, requests, joins, authMs, failures };
}

async function pusherJs(outageMs: number): Promise<Return> {
  const broker = createFakeBroker();
  const front = await broker.listen();
  let sinceMs = Number.POSITIVE_INFINITY;
  const joins: number[] = [];
  const crowd = Array.from({ length: PEERS }, () => {
    const client = new Pusher(broker.app.key, {
      cluster: "",
      wsHost: front.host,
      wsPort: front.port,
      forceTLS: false,
      enabledTransports: ["ws"],
      channelAuthorization: {
        endpoint: "",
        transport: "ajax",
        customHandler: ({ socketId, channelName }, callback) => {
          if (performance.now() >= sinceMs) joins.push(performance.now() - sinceMs);
          broker.broker.signJoin(socketId, channelName, { id: "reader" }).then(
            (auth) => callback(null, { auth }),
            (error: Error) => callback(error, null),
          );
        },
      },
    });
    return {
      client,
      subscriptions: refs.map(({ name }) => client.subscribe(`private-${name}.e0`)),
    };
  });
  const isBack = () =>
    crowd.every(({ subscriptions }) => subscriptions.every(({ subscribed }) => subscribed));
  await until(isBack);
  if (outageMs > 0) {
    broker.stop();
    await wait(outageMs);
    sinceMs = performance.now();
    broker.start();
  } else {
    sinceMs = performance.now();
    broker.cut();
  }
  await until(() => joins.length >= PEERS * CHANNELS);
  await until(isBack);
  for (const { client } of crowd) client.disconnect();
  await front.close();
  return { clients: PEERS, requests: { join: joins.length }, joins, authMs: [], failures: 0 };
}

async function until(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + 2 * LONGEST_MS;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error("Not everybody came back.");
    await wait(20);
  }
}

/** The largest number of requests in one slice of time. */
function most({ joins }: Return): number {
  const slices = new Map<number, number>();
  for (const ms of joins) {
    const slice = Math.floor(ms / SLICE_MS);
    slices.set(slice, (slices.get(slice) ?? 0) + 1);
  }
  return Math.max(...slices.values());
}

/** The same as a share of all requests: 1 means all at once. */
const peak = (crowd: Return) => most(crowd) / crowd.joins.length;

function show(name: string, crowd: Return): void {
  const each = Object.entries(crowd.requests).map(
    ([kind, count]) => `${kind} ${format(count / crowd.clients)}`,
  );
  const [first, last] = [quantile(crowd.joins, 0.05), quantile(crowd.joins, 0.95)];
  print(
    `  ${name.padEnd(11)} per client: ${each.join(", ")}; 90% within ${format(last - first)} ms, the last after ${format(Math.max(...crowd.joins))}; at most ${format(peak(crowd) * 100)}% in ${SLICE_MS} ms`,
  );
}

print(`${CLIENTS} clients with ${CHANNELS} channels; pusher-js with ${PEERS}`);
for (const [what, outageMs] of [
  ["every socket is cut, the broker is there", 0],
  [`the broker is away for ${OUTAGE_MS / 1000} s`, OUTAGE_MS],
] as const) {
  print(`${what}:`);
  const ours = await querycast(outageMs);
  const theirs = await pusherJs(outageMs);
  show("querycast", ours);
  show("pusher-js", theirs);
  goal(
    "P15",
    "join requests per client",
    (ours.requests.join ?? 0) / ours.clients,
    { atMost: 1 },
    "",
  );
  goal(
    "P15",
    "join requests per client beside pusher-js",
    (ours.requests.join ?? 0) / ours.clients / ((theirs.requests.join ?? 0) / theirs.clients),
    { atMost: 1 / CHANNELS },
  );
  goal(
    "storm",
    "from the first join of 1,000 clients to the last",
    Math.max(...ours.joins) - Math.min(...ours.joins),
    { atLeast: SPREAD_MS },
    " ms",
  );
  goal("storm", `most joins in ${SLICE_MS} ms`, most(ours), { atMost: PEAK }, "");
  goal("storm", "answers of 500 and more", ours.failures, { atMost: 0 }, "");
  goal(
    "storm",
    "p99 of the answers to joins",
    quantile(ours.authMs, 0.99),
    { atMost: AUTH_P99_MS },
    " ms",
  );
  goal(
    "herd",
    `largest share of the joins in ${SLICE_MS} ms beside pusher-js`,
    peak(ours) / peak(theirs),
    {
      atMost: 0.5,
    },
  );
}
finish();
