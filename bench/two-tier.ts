/**
 * An answer that is written token by token, 50 per second, and watched by many viewers of one chat (P18): rows by
 * upserts, compared with the limit (one SELECT and one buffer for all), with a SELECT per viewer, and with a read of
 * each viewer after each signal, and with the first 100 streams compressed. Real Postgres; all viewers are sockets in this
 * process. `npm run bench bench/two-tier.ts [viewers …]`, about eight minutes; `FULL=1` adds 2,000 viewers.
 */
import { Agent, get } from "node:http";
import postgres from "postgres";
import { createSignalLog } from "../src/realtime/log/create-signal-log.ts";
import { signal } from "../src/realtime/protocol/signal.ts";
import { createPublisher } from "../src/realtime/server/publisher.ts";
import { startChildServer } from "./support/child-server.ts";
import { openCompressedReader } from "./support/compressed-reader.ts";
import { cpuOf } from "./support/cpu.ts";
import { interleave, median, quantile, wait } from "./support/measure.ts";
import { port, startLogPostgres } from "./support/parts.ts";
import type { Reader } from "./support/reader.ts";
import { finish, format, goal, print } from "./support/report.ts";
import { chat, chatChannels, wireName } from "./support/tokens.ts";

const given = process.argv.slice(2).map(Number);
const all = process.env.FULL === "1" ? [1, 50, 500, 2_000] : [1, 50, 500];
const sizes = given.length > 0 ? given : all;
const PER_SECOND = 50;
const SECONDS = 4;
const ROUNDS = 3;
/** Those that read per viewer are measured up to this size: more takes all of the machine. */
const MOST_READERS = 50;
/** As many streams as the handler compresses by default. */
const COMPRESSED = 100;
type Kind = "upserts" | "shared" | "each" | "signals" | "brotli" | "often";

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
function listen(reader: Pick<Reader, "listen">): void {
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
  const server = await startChildServer("token-server.ts", [kind, database.url], wireName, [
    "--expose-gc",
  ]);
  const [memoryBefore, residentBefore] = [await server.ask("memory"), await server.ask("resident")];
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const open = async (_: unknown, index: number) => {
    if (kind === "brotli" && index < COMPRESSED) {
      const reader = await openCompressedReader(server.port, server.body);
      listen(reader);
      return reader;
    }
    const reader = await server.open();
    if (kind === "signals") readAfterSignals(reader, server.port, agent);
    else listen(reader);
    return reader;
  };
  const readers: Pick<Reader, "close">[] = [];
  while (readers.length < viewers) {
    const [from, more] = [readers.length, Math.min(50, viewers - readers.length)];
    readers.push(
      ...(await Promise.all(Array.from({ length: more }, (_, index) => open(_, from + index)))),
    );
  }
  return {
    /** Writes tokens for some seconds. */
    run: async () => {
      const [cpuBefore, selectsBefore] = [await cpuOf(server.pid), await server.ask("selects")];
      delays = [];
      const writesMs: number[] = [];
      const startedAtMs = performance.now();
      for (let n = 0; n < PER_SECOND * SECONDS; n += 1) {
        await wait(startedAtMs + (n * 1000) / PER_SECOND - performance.now());
        const beganAtMs = performance.now();
        await writeToken();
        writesMs.push(performance.now() - beganAtMs);
      }
      await wait(300);
      const cpuS = (await cpuOf(server.pid)) - cpuBefore;
      const tokens = PER_SECOND * SECONDS;
      return {
        cpuS,
        selects: ((await server.ask("selects")) - selectsBefore) / tokens,
        p50: median(delays),
        p99: quantile(delays, 0.99),
        received: delays.length / viewers / tokens,
        writeMs: median(writesMs),
        memoryKb: ((await server.ask("memory")) - memoryBefore) / viewers / 1024,
        residentKb: ((await server.ask("resident")) - residentBefore) / viewers / 1024,
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
const writeMsOf = new Map<number, number>();
for (const viewers of sizes) {
  const kinds: readonly Kind[] =
    viewers <= MOST_READERS
      ? ["upserts", "often", "shared", "brotli", "each", "signals"]
      : ["upserts", "often", "shared", "brotli"];
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
  const of = (kind: Kind, what: keyof (typeof results)[string][number]) =>
    median((results[kind] ?? []).map((each) => each[what]));
  for (const kind of kinds) {
    const cpuUs = (of(kind, "cpuS") * 1e6) / (viewers * PER_SECOND * SECONDS);
    print(
      `  ${kind.padEnd(8)} ${format(of(kind, "selects"))} SELECTs per token, ${format(cpuUs)} µs of CPU per viewer and token; token to viewer p50 ${format(of(kind, "p50"))} ms, p99 ${format(of(kind, "p99"))} ms; ${format(of(kind, "received") * 100)} % arrived; ${format(of(kind, "memoryKb"))} KB of heap and ${format(of(kind, "residentKb"))} KB resident for each viewer; a write ${format(of(kind, "writeMs"))} ms`,
    );
  }
  const cpuBeside = (kind: Kind, peer: Kind) =>
    median(
      (results[kind] ?? []).map(
        ({ cpuS }, round) => cpuS / (results[peer]?.[round]?.cpuS ?? Number.NaN),
      ),
    );
  selectsOf.set(viewers, of("upserts", "selects"));
  writeMsOf.set(viewers, of("upserts", "writeMs"));
  print(
    `  with the first ${Math.min(COMPRESSED, viewers)} streams compressed, CPU beside none: ${format(cpuBeside("brotli", "upserts"))}×`,
  );
  print(
    `  with reads of the log every 16 ms, CPU beside every 25 ms: ${format(cpuBeside("often", "upserts"))}×`,
  );
  if (viewers < 50) continue;
  goal("P18", `${viewers} viewers, CPU beside one shared buffer`, cpuBeside("upserts", "shared"), {
    atMost: 1.3,
  });
  if (viewers === 500) {
    goal("P18", "500 viewers, token to viewer, p99", of("upserts", "p99"), { atMost: 60 }, " ms");
  }
}
const writes = [...writeMsOf];
const [fewest, most] = [writes[0], writes.at(-1)];
if (fewest !== undefined && most !== undefined) {
  print(
    `A write takes ${format(fewest[1])} ms with ${fewest[0]} viewers and ${format(most[1])} ms with ${most[0]}, on cores that also serve and read: ${format(most[1] / fewest[1])}×`,
  );
}
const counts = [...selectsOf.values()];
goal(
  "P18",
  "SELECTs per token, with more viewers beside the fewest",
  // A process without a free core collects for longer, and reads less often.
  Math.max(...counts) / (counts[0] ?? Number.NaN),
  {
    atMost: 1.1,
  },
);

await sql.end();
await database.stop();
finish();
