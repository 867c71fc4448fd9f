/**
 * Effect of a broker outage on writers. Latency of a transaction that writes a row and
 * its signal, in turns with the broker up and with its port closed. Afterwards the whole backlog is
 * sent. `npm run bench bench/outage.ts`, half a minute.
 */
import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { freePort } from "../scripts/parts/ports.ts";
import { startSoketi } from "../scripts/parts/soketi/soketi.ts";
import { postgresJs } from "../src/realtime/log/connection/postgres-js.ts";
import { createSignalLog } from "../src/realtime/log/create-signal-log.ts";
import { createRelayLog } from "../src/realtime/log/relay/relay-log.ts";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { ids } from "../src/realtime/protocol/ids.ts";
import { signal } from "../src/realtime/protocol/signal.ts";
import { createRelay } from "../src/realtime/server/relay/create-relay.ts";
import { createPusherBroker } from "../src/realtime/transports/pusher/server.ts";
import { interleave, quantile, wait } from "./support/measure.ts";
import { port, startLogPostgres } from "./support/parts.ts";
import { finish, format, goal, print } from "./support/report.ts";

const ROUNDS = 4;
const SECONDS = 3;
const PER_SECOND = 100;

const soketi = await startSoketi();
const database = await startLogPostgres();
const sql = postgres(database.url, { max: 8, onnotice: () => {} });
const log = createSignalLog({ sql: port(sql) });
const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")),
});
const rooms = Array.from({ length: 16 }, () => channels.room({ roomId: randomUUID() }));
const present = createPusherBroker({ ...soketi, tls: false });
const absent = createPusherBroker({ ...soketi, port: await freePort(), tls: false });
let written = 0;
let sent = 0;

function startRelay(broker: typeof present) {
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(database.url) }),
    broker,
    onEvent: (event) => {
      if (event.type === "published") sent += event.signals;
    },
  });
  relay.start();
  return relay;
}

/** Writes on schedule for some seconds. @returns the duration of each transaction in ms */
async function writeBeside(broker: typeof present): Promise<number[]> {
  const relay = startRelay(broker);
  while (relay.health().state === "connecting") await wait(10);
  const tookMs: number[] = [];
  const work = async () => {
    const beganMs = performance.now();
    const id = randomUUID();
    written += 1;
    const room = rooms[written % rooms.length];
    if (room === undefined) return;
    await sql.begin(async (tx) => {
      await tx`insert into comments (id, article_id, author_id, body) values (${id}, ${id}, ${id}, 'A comment.')`;
      await log.append(port(tx), [signal(room, "message.posted", { messageId: id })]);
    });
    tookMs.push(performance.now() - beganMs);
  };
  const startMs = performance.now();
  const begun: Promise<void>[] = [];
  while (performance.now() - startMs < SECONDS * 1000) {
    const due = Math.floor(((performance.now() - startMs) * PER_SECOND) / 1000);
    while (begun.length < due) begun.push(work());
    await wait(2);
  }
  await Promise.all(begun);
  await relay.stop();
  return tookMs;
}

await writeBeside(present); // opens connections and prepares plans
const results = await interleave(ROUNDS, {
  up: () => writeBeside(present),
  away: () => writeBeside(absent),
});
const ofAll = (rounds: readonly (readonly number[])[], q: number) => quantile(rounds.flat(), q);
print(`A write and its signal, ${PER_SECOND}/s, ${ROUNDS} turns of ${SECONDS} s each`);
for (const q of [0.5, 0.99]) {
  const [up, away] = [ofAll(results.up, q), ofAll(results.away, q)];
  print(`  p${q * 100}: broker up ${format(up)} ms, away ${format(away)} ms`);
  goal(`p${q * 100}`, "away, beside up", away / up, { atMost: 1.2 });
}
const relay = startRelay(present);
const endMs = performance.now() + 30_000;
while (sent < written && performance.now() < endMs) await wait(20);
goal("lost", "signals not sent in the end", Math.max(0, written - sent), { atMost: 0 }, "");

await relay.stop();
present.close();
absent.close();
await sql.end();
await database.stop();
await soketi.stop();
finish();
