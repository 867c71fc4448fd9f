import { randomUUID } from "node:crypto";
import { channel, defineChannels, ids, signal } from "querycast";
import { createSignalLog } from "querycast/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import {
  createPusherBroker,
  type PusherBroker,
} from "../../src/realtime/transports/pusher/server.ts";
import { prepareRelayProcess } from "../support/relay-process.ts";
import { ownSoketiApp, type SoketiConnection } from "../support/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "./log-database.ts";
import { type Listener, listen } from "./relay-listener.ts";

const channels = defineChannels({
  taken: channel("taken.{roomId}").signal("message.posted", ids("messageId")),
});
/** `KILLS=100 npx vitest run --project integration tests/integration/takeover.test.ts` for the whole measure. */
// biome-ignore lint/style/noProcessEnv: how long to test is the caller's choice, no setting of the site
const kills = Number(process.env.KILLS ?? 2);
const pageRows = 2;
/** The relay reads ten pages ahead where many wait. */
const atOnce = 10 * pageRows;

let database: LogDatabase;
let processes: Awaited<ReturnType<typeof prepareRelayProcess>>;
let soketi: SoketiConnection;
let broker: PusherBroker;
let listener: Listener;
beforeAll(async () => {
  processes = await prepareRelayProcess();
  soketi = ownSoketiApp();
  broker = createPusherBroker({ ...soketi, tls: false });
});
beforeEach(async () => {
  database = await createLogDatabase();
  listener = listen(soketi, broker);
});
afterEach(async () => {
  listener.close();
  await database.close();
});
afterAll(async () => {
  broker.close();
  await processes.close();
});

interface Posted {
  readonly ids: readonly { readonly messageId: string }[];
}

const start = (killAt?: string) =>
  processes.start({
    databaseUrl: database.readerUrl,
    soketi,
    pageRows,
    ...(killAt === undefined ? {} : { killAt }),
  });

/**
 * Writes to two channels until it is told to stop; then one knows what must have been heard.
 *
 * @param transactionMs how long each transaction takes, beyond its statements
 */
async function startWriting(transactionMs = 0) {
  const rooms = [1, 2].map(() => channels.taken({ roomId: randomUUID() }));
  for (const room of rooms) await listener.join(`private-${room.name}.e0`);
  const log = createSignalLog({ sql: port(database.reader) });
  let isOver = false;
  let written = 0;
  const writing = (async () => {
    while (!isOver) {
      const messageId = String(written + 1).padStart(6, "0");
      await database.writer.begin(async (tx) => {
        await tx`select pg_sleep(${transactionMs / 1000})`;
        await log.append(
          port(tx),
          rooms.map((room) => signal(room, "message.posted", { messageId })),
        );
      });
      written += 1;
    }
  })();
  const heard = () =>
    rooms.map((room) =>
      listener.frames
        .filter((frame) => frame.channel === `private-${room.name}.e0`)
        // A frame that names no message says why the lists differ.
        .flatMap(({ name, data }) => (data as Partial<Posted>).ids ?? [{ messageId: name }])
        .map(({ messageId }) => messageId),
    );
  return {
    heard,
    written: () => written,
    /** Resolves with how many were heard twice. */
    end: async () => {
      isOver = true;
      await writing;
      const all = Array.from({ length: written }, (_, index) => String(index + 1).padStart(6, "0"));
      const inOrderOnce = () => heard().map((list) => [...new Set(list)]);
      // Pages are small here, to be killed between: what piled up while relays died leaves slowly.
      const timeout = 15_000 + 5 * written;
      await vi.waitFor(() => expect(inOrderOnce()).toEqual([all, all]), { timeout, interval: 250 });
      return heard().reduce((sum, list) => sum + list.length - all.length, 0);
    },
  };
}

test("R8 the process that leads is killed: another leads within seconds, nothing is lost, order holds", async () => {
  const first = start();
  await first.told("leading");
  const second = start();
  await second.told("standby");
  const writing = await startWriting();
  await vi.waitFor(() => expect(writing.heard()[0]?.length).toBeGreaterThan(20));
  first.kill();
  const killedAt = Date.now();
  expect(await first.ended).toBe("SIGKILL");
  await second.told("leading");
  expect(Date.now() - killedAt).toBeLessThan(5000);
  const before = writing.written();
  await vi.waitFor(() => expect(writing.written()).toBeGreaterThan(before + 10));
  const twice = await writing.end();
  expect(twice).toBeLessThanOrEqual(2 * atOnce);
  second.kill();
  await second.ended;
});

test("R8 while versions are rolled out one process after the other, nothing is lost and order holds", async () => {
  let leading = start();
  await leading.told("leading");
  const writing = await startWriting();
  for (const _deploy of [1, 2, 3]) {
    const next = start();
    await next.told("standby");
    const before = writing.written();
    await vi.waitFor(() => expect(writing.written()).toBeGreaterThan(before + 20));
    leading.end();
    expect(await leading.ended).toBe("SIGTERM");
    await next.told("leading");
    leading = next;
  }
  await writing.end();
  leading.kill();
  await leading.ended;
}, 60_000);

const points = ["lead", "recent", "read", "heads", "publish", "save", "sleep", "wake", "prune"];

test.each(points.flatMap((name) => [`${name} before`, `${name} after`]))(
  `R4 killed at "%s" ${kills} times the relay loses nothing and repeats at most what it read at once each time`,
  async (point) => {
    // A relay falls asleep, and wakes, only where writers leave it the time.
    const writing = await startWriting(/sleep|wake/.test(point) ? 60 : 0);
    for (let kill = 0; kill < kills; kill += 1) {
      expect(await start(point).ended).toBe("SIGKILL");
    }
    const last = start();
    await last.told("leading");
    const twice = await writing.end();
    // What one goes over again, and what a new leader says again of its own accord: the last of each.
    expect(twice).toBeLessThanOrEqual(kills * 2 * atOnce);
    last.kill();
    await last.ended;
  },
  20_000 + kills * 6000,
);
