/**
 * Effect of slow texts on the rest of the server. Every construct of Markdown and every grammar, at
 * the largest length that may be saved: the main thread's time while a worker renders the text, and to write the
 * result into a page. Then the relay's lag and the latency of streams at 300 transactions a second, without and with a
 * flood of such texts. `npm run bench bench/hostile-text.ts`, about five minutes; `FULL=1` runs every unit with every grammar.
 */
import { randomUUID } from "node:crypto";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import postgres from "postgres";
import { startSoketi } from "../scripts/parts/soketi/soketi.ts";
import { createRenderer } from "../src/lib/rendering/renderer.ts";
import { postgresJs } from "../src/realtime/log/connection/postgres-js.ts";
import { createSignalLog } from "../src/realtime/log/create-signal-log.ts";
import { createRelayLog } from "../src/realtime/log/relay/relay-log.ts";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { ids } from "../src/realtime/protocol/ids.ts";
import { signal } from "../src/realtime/protocol/signal.ts";
import { createRelay } from "../src/realtime/server/relay/create-relay.ts";
import { createPusherBroker } from "../src/realtime/transports/pusher/server.ts";
import {
  type HostileText,
  hostileCode,
  hostileMarkdown,
} from "../tests/support/hostile/hostile-texts.ts";
import { costOfReading, costOfRendering } from "../tests/support/hostile/reading-cost.ts";
import { quantile, wait } from "./support/measure.ts";
import { port, startLogPostgres } from "./support/parts.ts";
import { finish, format, goal, print } from "./support/report.ts";
import { serveRoomStreams } from "./support/room-streams.ts";

const LAG_SECONDS = 8;
const TRANSACTIONS_PER_S = 300;
/** Each with a stream. Frames of a busier room would merge more signals than a frame has ids. */
const ROOMS = 5;
/** The main thread's time does not depend on it. The site uses 2,000. */
const renderer = createRenderer({ deadlineMs: 500 });

/** Units that are distributed over the grammars, three for each. */
function corpus(): HostileText[] {
  const code = hostileCode();
  const sample = code.filter((_, index) => index % 4 === 0);
  return [...hostileMarkdown(), ...(process.env.FULL ? code : sample)];
}

async function mainThreadMs({ source }: HostileText) {
  const utilization = performance.eventLoopUtilization();
  const { html, ...cost } = await costOfRendering(renderer, source);
  // With the time in which other programs had the core.
  const busyMs = performance.eventLoopUtilization(utilization).active;
  return { ...cost, busyMs, readMs: costOfReading(renderer, source, html) };
}

await renderer.render({ kind: "markdown", text: "warm" }, "ann");
const costs: ({ name: string } & Awaited<ReturnType<typeof mainThreadMs>>)[] = [];
for (const text of corpus()) costs.push({ name: text.name, ...(await mainThreadMs(text)) });
const kinds = [...new Set(costs.map(({ kind }) => kind))].map(
  (kind) => `${costs.filter((cost) => cost.kind === kind).length} ${kind}`,
);
print(`${costs.length} texts: ${kinds.join(", ")}`);
const total = ({ renderMs, readMs }: { renderMs: number; readMs: number }) => renderMs + readMs;
for (const cost of costs.sort((a, b) => total(b) - total(a)).slice(0, 3)) {
  print(`  ${cost.name} (${cost.kind}): ${format(cost.renderMs)} ms + ${format(cost.readMs)} ms`);
}
print(
  `  longest while rendered, other programs included: ${format(Math.max(...costs.map((c) => c.busyMs)))} ms`,
);
goal(
  "P17",
  "main thread for the worst text, rendered",
  Math.max(...costs.map((c) => c.renderMs)),
  { atMost: 50 },
  " ms",
);
goal(
  "P17",
  "main thread for the worst text, read",
  Math.max(...costs.map((c) => c.readMs)),
  { atMost: 50 },
  " ms",
);

const soketi = await startSoketi();
const database = await startLogPostgres();
const sql = postgres(database.url, { max: 16, onnotice: () => {} });
const broker = createPusherBroker({ ...soketi, tls: false });
const log = createSignalLog({ sql: port(sql) });
const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")),
});
const rooms = Array.from({ length: ROOMS }, () => channels.room({ roomId: randomUUID() }));
let lagsMs: number[] = [];
const relay = createRelay({
  log: createRelayLog({ open: postgresJs(database.url) }),
  broker,
  onEvent: (event) => {
    if (event.type === "published") lagsMs.push(event.lagMs);
  },
});
relay.start();
while (relay.health().state !== "leading") await wait(10);

const streams = await serveRoomStreams(
  database.url,
  rooms.map(({ name }) => `private-${name}.e0`),
);

/** Lag of the relay, latency of the streams, and delay of the event loop over some seconds of writing. */
async function measure() {
  lagsMs = [];
  const startedMs = new Map<string, number>();
  /** From the start of each write to its arrival at the stream of its room. */
  const latenciesMs: number[] = [];
  const closeStreams = await streams.open((messageId) => {
    const startMs = startedMs.get(messageId);
    if (startMs !== undefined) latenciesMs.push(performance.now() - startMs);
  });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const startMs = performance.now();
  const begun: Promise<unknown>[] = [];
  while (performance.now() - startMs < LAG_SECONDS * 1000) {
    const due = Math.floor(((performance.now() - startMs) * TRANSACTIONS_PER_S) / 1000);
    while (begun.length < due) {
      const messageId = randomUUID();
      startedMs.set(messageId, performance.now());
      const room = rooms[begun.length % ROOMS] ?? rooms[0];
      if (room === undefined) throw new TypeError("There is no room.");
      begun.push(
        sql.begin((tx) => log.append(port(tx), [signal(room, "message.posted", { messageId })])),
      );
    }
    await wait(2);
  }
  await Promise.all(begun);
  while (relay.health().backlog > 0) await wait(10);
  const endMs = performance.now() + 5_000;
  while (latenciesMs.length < startedMs.size && performance.now() < endMs) await wait(10);
  delay.disable();
  closeStreams();
  return {
    missing: startedMs.size - latenciesMs.length,
    streamP50: quantile(latenciesMs, 0.5),
    streamP99: quantile(latenciesMs, 0.99),
    lagP50: quantile(lagsMs, 0.5),
    lagP99: quantile(lagsMs, 0.99),
    loopP99: delay.percentile(99) / 1e6,
  };
}

await measure(); // warm-up, not counted
const calm = await measure();
let isOver = false;
const flood = (async () => {
  const texts = [...hostileMarkdown(), ...hostileCode(["typescript", "cpp"])];
  for (let index = 0; !isOver; index += 1) {
    const text = texts[index % texts.length];
    if (text !== undefined) await renderer.render(text.source, "mallory");
  }
})();
const flooded = await measure();
isOver = true;
await flood;
for (const [name, figures] of Object.entries({ calm, flooded })) {
  const { lagP50, lagP99, streamP50, streamP99, loopP99, missing } = figures;
  print(
    `${name}: lag p50 ${format(lagP50)} ms, p99 ${format(lagP99)} ms; streams p50 ${format(streamP50)} ms, p99 ${format(streamP99)} ms (without ids: ${missing}); event loop p99 ${format(loopP99)} ms`,
  );
}
const beside = "with a flood of hostile texts, beside without";
goal("lag", `p50 ${beside}`, flooded.lagP50 / calm.lagP50, { atMost: 1.5 });
goal("lag", `p99 ${beside}`, flooded.lagP99 / calm.lagP99, { atMost: 2 });
goal("sse", `p50 ${beside}`, flooded.streamP50 / calm.streamP50, { atMost: 1.5 });
goal("sse", `p99 ${beside}`, flooded.streamP99 / calm.streamP99, { atMost: 2 });

await streams.close();
await relay.stop();
broker.close();
await sql.end();
await database.stop();
await soketi.stop();
await renderer.close();
finish();
