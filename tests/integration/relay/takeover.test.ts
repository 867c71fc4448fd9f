import { randomUUID } from "node:crypto";
import { channel, defineChannels, ids, signal } from "querycast";
import { createSignalLog } from "querycast/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import {
  createPusherBroker,
  type PusherBroker,
} from "../../../src/realtime/transports/pusher/server.ts";
import { type Listener, listen } from "../../support/broker/relay-listener.ts";
import { ownSoketiApp, type SoketiConnection } from "../../support/broker/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "../../support/database/log-database.ts";
import { prepareRelayProcess } from "../../support/site/relay-process.ts";

const channels = defineChannels({
  taken: channel("taken.{roomId}").signal("message.posted", ids("messageId")),
});
/** `KILLS=100 npx vitest run --project integration tests/integration/relay/takeover.test.ts` for the full test. */
// biome-ignore lint/style/noProcessEnv: the length of the test is chosen by the caller
const kills = Number(process.env.KILLS ?? 2);
const pageRows = 2;
/** The relay reads ten pages ahead when many signals wait. */
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
 * Writes to two channels until stopped. Returns the signals that must have been received.
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
  const received = () =>
    rooms.map((room) =>
      listener.frames
        .filter((frame) => frame.channel === `private-${room.name}.e0`)
        // A frame without message ids explains why the lists differ.
        .flatMap(({ name, data }) => (data as Partial<Posted>).ids ?? [{ messageId: name }])
        .map(({ messageId }) => messageId),
    );
  return {
    received,
    written: () => written,
    /** Resolves with the number of signals that were received twice. */
    end: async () => {
      isOver = true;
      await writing;
      const all = Array.from({ length: written }, (_, index) => String(index + 1).padStart(6, "0"));
      const inOrderOnce = () => received().map((list) => [...new Set(list)]);
      // Pages are small, so that kills happen between them; the backlog of dead relays takes longer to deliver.
      const timeout = 15_000 + 5 * written;
      await vi.waitFor(() => expect(inOrderOnce()).toEqual([all, all]), { timeout, interval: 250 });
      return received().reduce((sum, list) => sum + list.length - all.length, 0);
    },
  };
}

test("R8 after the leading process is killed another one leads within seconds, without loss and in order", async () => {
  const first = start();
  await first.told("leading");
  const second = start();
  await second.told("standby");
  const writing = await startWriting();
  await vi.waitFor(() => expect(writing.received()[0]?.length).toBeGreaterThan(20));
  first.kill();
  const killedAtMs = Date.now();
  expect(await first.ended).toBe("SIGKILL");
  await second.told("leading");
  expect(Date.now() - killedAtMs).toBeLessThan(5000);
  const before = writing.written();
  await vi.waitFor(() => expect(writing.written()).toBeGreaterThan(before + 10));
  const twice = await writing.end();
  expect(twice).toBeLessThanOrEqual(2 * atOnce);
  second.kill();
  await second.ended;
});

test("R8 a rolling deploy of all processes loses nothing and keeps the order", async () => {
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
  `R4 killed at "%s" ${kills} times the relay loses nothing and repeats at most the signals of one read each time`,
  async (point) => {
    // A relay sleeps and wakes only when writers leave it time.
    const writing = await startWriting(/sleep|wake/.test(point) ? 60 : 0);
    for (let kill = 0; kill < kills; kill += 1) {
      expect(await start(point).ended).toBe("SIGKILL");
    }
    const last = start();
    await last.told("leading");
    const twice = await writing.end();
    // Repeats of an interrupted read, and the last signal of each channel, which a new leader repeats.
    expect(twice).toBeLessThanOrEqual(kills * 2 * atOnce);
    last.kill();
    await last.ended;
  },
  20_000 + kills * 6000,
);
