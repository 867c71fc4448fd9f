/**
 * One write to many readers (P4), and the memory of a reader (P13): streams of a hub compared with a real Soketi, with
 * the package better-sse, and with a bare loop that writes one shared buffer to each response. All readers are on one
 * channel and connected at once, and are sockets in this process. `npm run bench bench/fan-out.ts [readers …]`, about five
 * minutes.
 */
import { startSoketi } from "../scripts/parts/soketi/soketi.ts";
import type { Delivery } from "../src/realtime/server/ports.ts";
import { createPusherBroker } from "../src/realtime/transports/pusher/server.ts";
import { startChildServer } from "./support/child-server.ts";
import { cpuOf } from "./support/cpu.ts";
import { interleave, median, wait } from "./support/measure.ts";
import { openReader, type Reader } from "./support/reader.ts";
import { finish, format, goal, print } from "./support/report.ts";

const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [500, 3_000];
const BURST = 50;
const SINGLES = 20;
const ROUNDS = 4;
/** Repetitions of the bursts in one round. CPU is counted in steps of 10 ms, so one burst is too short. */
const BURSTS = 4;
const channel = "article.1";
const wireName = `private-${channel}.e0`;
const marker = "comment.created";

/** A sender, and how it sends. */
interface Contestant {
  readonly pid: number;
  publish(count: number): unknown;
  /** A reader whose subscription is acknowledged. */
  open(): Promise<Reader>;
  stop(): Promise<unknown>;
}

/** Number of messages that all readers have received. */
function createEar() {
  let received = 0;
  let wanted = Number.POSITIVE_INFINITY;
  let reached = () => {};
  return {
    listen: (reader: Reader) => {
      let tail = "";
      reader.listen((more) => {
        const text = tail + more;
        let end = 0;
        for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, end)) {
          received += 1;
          end = at + marker.length;
        }
        tail = text.slice(Math.max(end, text.length - marker.length + 1));
        if (received >= wanted) reached();
      });
    },
    /** @returns milliseconds until all `amount` were received */
    time: async (amount: number, send: () => unknown) => {
      received = 0;
      wanted = amount;
      const all = new Promise<void>((resolve) => (reached = resolve));
      const startedAtMs = performance.now();
      send();
      await all;
      return performance.now() - startedAtMs;
    },
  };
}

async function startStreams(
  kind: "raw" | "route" | "better-sse" | "loop",
): Promise<Contestant & { memory(): Promise<number> }> {
  const server = await startChildServer("stream-server.ts", [kind], wireName, ["--expose-gc"]);
  return { ...server, memory: () => server.ask("memory") };
}

async function startBroker(): Promise<Contestant> {
  const soketi = await startSoketi();
  const broker = createPusherBroker({ ...soketi, tls: false });
  let serial = 0;
  return {
    pid: soketi.pid(),
    publish: (count) =>
      broker.publish(
        Array.from({ length: count }, (): Delivery => {
          serial += 1;
          const id = `signal-${String(serial).padStart(12, "0")}`;
          const signal = { id, name: marker, ids: [{ commentId: id }], origin: undefined };
          return { channel, accessEpoch: 0, signal };
        }),
      ),
    open: async () => {
      const reader = openReader(soketi);
      reader.write(
        `GET /app/${soketi.key}?protocol=7 HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      );
      const greeting = await reader.until("connection_established");
      const socketId = /(\d+\.\d+)/.exec(greeting.slice(greeting.indexOf("socket_id")))?.[1] ?? "";
      const auth = await broker.signJoin(socketId, wireName);
      reader.write(
        toWebSocketFrame({ event: "pusher:subscribe", data: { channel: wireName, auth } }),
      );
      await reader.until("subscription_succeeded");
      return reader;
    },
    stop: async () => {
      broker.close();
      await soketi.stop();
    },
  };
}

/** The mask is zero, which the protocol allows and which leaves the bytes unchanged. */
function toWebSocketFrame(message: object): Buffer {
  const payload = Buffer.from(JSON.stringify(message));
  const length = Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([length, payload]);
}

async function openMany(contestant: Contestant, amount: number): Promise<Reader[]> {
  const readers: Reader[] = [];
  while (readers.length < amount) {
    const more = Math.min(50, amount - readers.length);
    readers.push(...(await Promise.all(Array.from({ length: more }, () => contestant.open()))));
  }
  return readers;
}

type Name = "soketi" | "raw" | "route" | "betterSse" | "loop";
const titles: Readonly<Record<Name, string>> = {
  soketi: "Soketi",
  raw: "hub, HTTP responses",
  route: "hub, route handler",
  betterSse: "better-sse",
  loop: "loop of res.write",
};
const names = Object.keys(titles) as readonly Name[];
const ours = ["raw", "route"] as const;
/** Goals of the memory of a stream, in KB. */
const mostKb = { raw: { idle: 9, loaded: 9 }, route: { idle: 14, loaded: 16 } } as const;

/** Something of each contestant. */
async function ofEach<Value>(make: (name: Name) => Promise<Value>): Promise<Record<Name, Value>> {
  const entries: [Name, Value][] = [];
  for (const name of names) entries.push([name, await make(name)]);
  return Object.fromEntries(entries) as Record<Name, Value>;
}

for (const readers of sizes) {
  const streams = {
    raw: await startStreams("raw"),
    route: await startStreams("route"),
    betterSse: await startStreams("better-sse"),
    loop: await startStreams("loop"),
  };
  const contestants: Record<Name, Contestant> = { ...streams, soketi: await startBroker() };
  const ears = await ofEach(async () => createEar());
  const opened: Reader[] = [];
  const join = async (name: Name, amount: number) => {
    const joined = await openMany(contestants[name], amount);
    for (const reader of joined) ears[name].listen(reader);
    opened.push(...joined);
  };
  print(`${readers.toLocaleString("en")} readers of one channel`);
  // The first readers are not counted, since they cause one-time allocations of the process.
  const first = Math.min(100, Math.ceil(readers / 2));
  const memoryOfEach = async (name: (typeof ours)[number], before: number) =>
    ((await streams[name].memory()) - before) / (readers - first) / 1024;
  const memory = async (name: (typeof ours)[number]) => {
    await join(name, first);
    const before = await streams[name].memory();
    await join(name, readers - first);
    return { before, each: await memoryOfEach(name, before) };
  };
  const idle = { raw: await memory("raw"), route: await memory("route") };
  for (const name of ["soketi", "betterSse", "loop"] as const) await join(name, readers);

  const singles = async (name: Name) => {
    const times: number[] = [];
    for (let index = 0; index < SINGLES; index += 1) {
      times.push(await ears[name].time(readers, () => contestants[name].publish(1)));
      await wait(5);
    }
    return median(times);
  };
  const bursts = async (name: Name) => {
    const cpuBefore = await cpuOf(contestants[name].pid);
    let ms = 0;
    for (let index = 0; index < BURSTS; index += 1) {
      ms += await ears[name].time(readers * BURST, () => contestants[name].publish(BURST));
    }
    return { ms: ms / BURSTS, cpuS: ((await cpuOf(contestants[name].pid)) - cpuBefore) / BURSTS };
  };
  const rounds = <Value>(run: (name: Name) => Promise<Value>) =>
    interleave(
      ROUNDS,
      Object.fromEntries(names.map((name) => [name, () => run(name)])) as Record<
        Name,
        () => Promise<Value>
      >,
    );
  for (const name of names) await ears[name].time(readers, () => contestants[name].publish(1));
  const single = await rounds(singles);
  const burst = await rounds(bursts);
  for (const name of names) {
    const perSecond = (readers * BURST) / (median(burst[name].map(({ ms }) => ms)) / 1000);
    const cpuUs = (median(burst[name].map(({ cpuS }) => cpuS)) * 1e6) / (readers * BURST);
    print(
      `  ${titles[name].padEnd(22)} one message ${format(median(single[name]))} ms; bursts of ${BURST}: ${format(perSecond)} deliveries/s, ${format(cpuUs)} µs of CPU each`,
    );
  }
  const singleRatio = (name: Name, peer: Name) =>
    median(single[name].map((ms, round) => ms / (single[peer][round] ?? Number.NaN)));
  const burstRatio = (name: Name, peer: Name) =>
    median(burst[name].map(({ ms }, round) => (burst[peer][round]?.ms ?? Number.NaN) / ms));
  for (const peer of ["betterSse", "loop"] as const) {
    for (const name of ours) {
      print(
        `  ${titles[name]}, beside ${titles[peer]}: one message ${format(singleRatio(name, peer))}× the time, bursts ${format(burstRatio(name, peer))}× the deliveries`,
      );
    }
  }
  for (const name of ours) {
    goal("P4", `${titles[name]}: one message, time beside Soketi`, singleRatio(name, "soketi"), {
      atMost: 1,
    });
    goal("P4", `${titles[name]}: bursts, deliveries beside Soketi`, burstRatio(name, "soketi"), {
      atLeast: 6,
    });
    const loaded = await memoryOfEach(name, idle[name].before);
    goal(
      "P13",
      `${titles[name]}: memory of a stream, idle`,
      idle[name].each,
      { atMost: mostKb[name].idle },
      " KB",
    );
    goal(
      "P13",
      `${titles[name]}: memory of a stream, loaded`,
      loaded,
      { atMost: mostKb[name].loaded },
      " KB",
    );
  }
  for (const reader of opened) reader.close();
  for (const name of names) await contestants[name].stop();
}
finish();
