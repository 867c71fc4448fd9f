/**
 * Effect of slow texts on the rest of the server. Every construct of Markdown and every grammar, at
 * the largest length that may be saved: the main thread's time while a worker renders the text, and to write the
 * result into a page. Then the relay's lag at 300 transactions a second, without and with a flood of such
 * texts. `npm run bench bench/hostile-text.ts`, about five minutes; `FULL=1` runs every unit with every grammar.
 */
import { randomUUID } from "node:crypto";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import postgres from "postgres";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { startSoketi } from "../scripts/parts/soketi.ts";
import { createRenderer } from "../src/lib/rendering/renderer.ts";
import { postgresJs } from "../src/realtime/log/connection/postgres-js.ts";
import { createSignalLog } from "../src/realtime/log/create-signal-log.ts";
import { createRelayLog } from "../src/realtime/log/relay/relay-log.ts";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { ids } from "../src/realtime/protocol/ids.ts";
import { signal } from "../src/realtime/protocol/signal.ts";
import { createRelay } from "../src/realtime/server/relay/create-relay.ts";
import { createPusherBroker } from "../src/realtime/transports/pusher/server.ts";
import { type HostileText, hostileCode, hostileMarkdown } from "../tests/support/hostile-texts.ts";
import { mainThreadCpuMs, median, quantile, wait } from "./support/measure.ts";
import { port, startLogPostgres } from "./support/parts.ts";
import { finish, format, goal, print } from "./support/report.ts";

const LAG_SECONDS = 8;
const TRANSACTIONS_PER_S = 300;
/** The main thread's time does not depend on it. The site uses 2,000. */
const renderer = createRenderer({ deadlineMs: 500 });

/** Units that are distributed over the grammars, three for each. */
function corpus(): HostileText[] {
  const code = hostileCode();
  const sample = code.filter((_, index) => index % 4 === 0);
  return [...hostileMarkdown(), ...(process.env.FULL ? code : sample)];
}

/** Milliseconds of the main thread's CPU: during the rendering, and to write the result into a page. */
async function mainThreadMs({ source }: HostileText) {
  const before = mainThreadCpuMs();
  const utilization = performance.eventLoopUtilization();
  const outcome = await renderer.render(source, "mallory");
  const renderMs = mainThreadCpuMs() - before;
  // With the time in which other programs had the core.
  const busyMs = performance.eventLoopUtilization(utilization).active;
  const html = outcome !== null && "html" in outcome ? outcome.html : null;
  const reason = outcome !== null && "reason" in outcome ? outcome.reason : "waiting";
  // Reading can be repeated, so a pause of the garbage collector does not count as the text's.
  const readMs = median([1, 2, 3].map(() => readOnce(source, html)));
  return { kind: html === null ? reason : "html", renderMs, busyMs, readMs };
}

function readOnce(source: HostileText["source"], html: string | null): number {
  const startMs = mainThreadCpuMs();
  renderer.digestOf(source);
  const inner = html === null ? source.text : { dangerouslySetInnerHTML: { __html: html } };
  renderToString(
    typeof inner === "string" ? createElement("pre", null, inner) : createElement("div", inner),
  );
  // A page carries the text a second time, for React in the browser.
  JSON.stringify({ text: html ?? source.text }).replaceAll("<", "\\u003c");
  return mainThreadCpuMs() - startMs;
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
const room = channels.room({ roomId: randomUUID() });
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

/** Lag of the relay and delay of the event loop over some seconds of writing. */
async function measure() {
  lagsMs = [];
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const startMs = performance.now();
  const begun: Promise<unknown>[] = [];
  while (performance.now() - startMs < LAG_SECONDS * 1000) {
    const due = Math.floor(((performance.now() - startMs) * TRANSACTIONS_PER_S) / 1000);
    while (begun.length < due) {
      begun.push(
        sql.begin((tx) =>
          log.append(port(tx), [signal(room, "message.posted", { messageId: randomUUID() })]),
        ),
      );
    }
    await wait(2);
  }
  await Promise.all(begun);
  while (relay.health().backlog > 0) await wait(10);
  delay.disable();
  return {
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
for (const [name, { lagP50, lagP99, loopP99 }] of Object.entries({ calm, flooded })) {
  print(
    `${name}: lag p50 ${format(lagP50)} ms, p99 ${format(lagP99)} ms; event loop p99 ${format(loopP99)} ms`,
  );
}
goal("lag", "p50 with a flood of hostile texts, beside without", flooded.lagP50 / calm.lagP50, {
  atMost: 1.5,
});
goal("lag", "p99 with a flood of hostile texts, beside without", flooded.lagP99 / calm.lagP99, {
  atMost: 2,
});

await relay.stop();
broker.close();
await sql.end();
await database.stop();
await soketi.stop();
await renderer.close();
finish();
