/**
 * An answer that is written token by token, 50 per second, and watched by many viewers of one chat (P18): rows by
 * upserts, compared with the limit (one SELECT and one buffer for all), with a SELECT per viewer, and with a read of
 * each viewer after each signal. Real Postgres; all viewers are raw sockets in this process.
 * `npm run bench bench/two-tier.ts [viewers …]`, about two minutes.
 */
import { Agent, get } from "node:http";
import postgres from "postgres";
import { createSignalLog } from "../src/realtime/log/create-signal-log.ts";
import { signal } from "../src/realtime/protocol/signal.ts";
import { createPublisher } from "../src/realtime/server/publisher.ts";
import { startChildServer } from "./support/child-server.ts";
import { cpuOf } from "./support/cpu.ts";
import { interleave, median, quantile, wait } from "./support/measure.ts";
import { port, startLogPostgres } from "./support/parts.ts";
import type { Reader } from "./support/reader.ts";
import { finish, format, goal, print } from "./support/report.ts";
import { chat, chatChannels, wireName } from "./support/tokens.ts";

const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [1, 50, 500];
const PER_SECOND = 50;
const SECONDS = 4;
const ROUNDS = 3;
/** Those that read per viewer are measured up to this size: more takes all of the machine. */
const MOST_READERS = 50;
type Kind = "upserts" | "shared" | "each" | "signals";

const database = await startLogPostgres();
const sql = postgres(database.url, { max: 4, onnotice: () => {} });
await sql.unsafe(
  "create table tokens (id text primary key, version int not null default 1, text text not null)",
);
const { publish } = createPublisher({
  channels: chatChannels,
  log: createSignalLog({ sql: port(sql) }),
});

let serial = 0;
/** Writes a token that contains the time, and its id, in one transaction. */
async function writeToken(): Promise<void> {
  serial += 1;
  const id = String(serial).padStart(12, "0");
  await sql.begin(async (tx) => {
    await tx`insert into tokens (id, text) values (${id}, ${`<${performance.now().toFixed(3)}>`})`;
    await publish([signal(chat, "chat.token", { tokenId: id })], { tx: port(tx) });
  });
}

/** Milliseconds from the write of each token to its arrival at a viewer. */
let delays: number[] = [];
const token = /<([\d.]+)>/g;
function listen(reader: Reader): void {
  let tail = "";
  reader.listen((more) => {
    const text = tail + more;
    const now = performance.now();
    for (const [, at] of text.matchAll(token)) delays.push(now - Number(at));
    tail = text.slice(Math.max(text.lastIndexOf(">") + 1, text.length - 40));
  });
}

/** A viewer that reads the chat 20 ms after a signal, one read at a time and at most every 100 ms, as `live` does. */
function readAfterSignals(reader: Reader, serverPort: number, agent: Agent): void {
  let seen = 0;
  let isDue = false;
  let isReading = false;
  const read = () => {
    if (isReading || !isDue) return;
    isDue = false;
    isReading = true;
    get({ host: "127.0.0.1", port: serverPort, path: "/chat", agent }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += String(chunk)));
      response.on("end", () => {
        const now = performance.now();
        for (const [, at] of text.matchAll(token)) {
          if (Number(at) > seen) delays.push(now - Number(at));
        }
        seen = Math.max(seen, ...[...text.matchAll(token)].map(([, at]) => Number(at)));
        setTimeout(() => {
          isReading = false;
          read();
        }, 100);
      });
    }).on("error", () => {});
  };
  reader.listen((text) => {
    if (!text.includes("event: signal")) return;
    if (!isDue) setTimeout(read, 20);
    isDue = true;
  });
}

async function start(kind: Kind, viewers: number) {
  const server = await startChildServer("token-server.ts", [kind, database.url], wireName);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const open = async () => {
    const reader = await server.open();
    if (kind === "signals") readAfterSignals(reader, server.port, agent);
    else listen(reader);
    return reader;
  };
  const readers: Reader[] = [];
  while (readers.length < viewers) {
    const more = Math.min(50, viewers - readers.length);
    readers.push(...(await Promise.all(Array.from({ length: more }, open))));
  }
  return {
    /** Writes tokens for some seconds. */
    run: async () => {
      const [cpuBefore, selectsBefore] = [await cpuOf(server.pid), await server.ask("selects")];
      delays = [];
      const startedAt = performance.now();
      for (let n = 0; n < PER_SECOND * SECONDS; n += 1) {
        await wait(startedAt + (n * 1000) / PER_SECOND - performance.now());
        await writeToken();
      }
      await wait(300);
      const cpuS = (await cpuOf(server.pid)) - cpuBefore;
      const tokens = PER_SECOND * SECONDS;
      return {
        cpuS,
        selects: ((await server.ask("selects")) - selectsBefore) / tokens,
        p50: median(delays),
        p99: quantile(delays, 0.99),
        heard: delays.length / viewers / tokens,
      };
    },
    stop: async () => {
      for (const reader of readers) reader.close();
      agent.destroy();
      await server.stop();
    },
  };
}

const selectsOf = new Map<number, number>();
for (const viewers of sizes) {
  const kinds: readonly Kind[] =
    viewers <= MOST_READERS ? ["upserts", "shared", "each", "signals"] : ["upserts", "shared"];
  print(`${viewers.toLocaleString("en")} viewers, ${PER_SECOND} tokens/s`);
  const runs = Object.fromEntries(
    kinds.map((kind) => [
      kind,
      async () => {
        // One at a time: two servers would share the cores.
        const server = await start(kind, viewers);
        await server.run();
        const result = await server.run();
        await server.stop();
        return result;
      },
    ]),
  );
  const results = await interleave(ROUNDS, runs);
  const of = (kind: Kind, what: "cpuS" | "selects" | "p50" | "p99" | "heard") =>
    median((results[kind] ?? []).map((each) => each[what]));
  for (const kind of kinds) {
    const cpuUs = (of(kind, "cpuS") * 1e6) / (viewers * PER_SECOND * SECONDS);
    print(
      `  ${kind.padEnd(8)} ${format(of(kind, "selects"))} SELECTs per token, ${format(cpuUs)} µs of CPU per viewer and token; token to viewer p50 ${format(of(kind, "p50"))} ms, p99 ${format(of(kind, "p99"))} ms; ${format(of(kind, "heard") * 100)} % arrived`,
    );
  }
  selectsOf.set(viewers, of("upserts", "selects"));
  if (viewers < 50) continue;
  const ratio = median(
    (results.upserts ?? []).map(({ cpuS }, round) => cpuS / (results.shared?.[round]?.cpuS ?? 0)),
  );
  goal("P18", `${viewers} viewers, CPU beside one shared buffer`, ratio, { atMost: 1.3 });
  if (viewers === 500) {
    goal("P18", "500 viewers, token to viewer, p99", of("upserts", "p99"), { atMost: 60 }, " ms");
  }
}
const counts = [...selectsOf.values()];
goal(
  "P18",
  "SELECTs per token, most viewers beside fewest",
  Math.max(...counts) / Math.min(...counts),
  {
    atMost: 1.1,
  },
);

await sql.end();
await database.stop();
finish();
