import { randomUUID } from "node:crypto";
import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  type Broker,
  type Clock,
  createRelay,
  createRelayLog,
  createSignalLog,
  drain,
} from "querycast/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { freePort } from "../../../scripts/parts/ports.ts";
import { monotonicClock } from "../../../src/realtime/protocol/clock.ts";
import {
  createPusherBroker,
  type PusherBroker,
} from "../../../src/realtime/transports/pusher/server.ts";
import { type Listener, listen } from "../../support/broker/relay-listener.ts";
import { sharedSoketi } from "../../support/broker/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "../../support/database/log-database.ts";

const channels = defineChannels({
  drained: channel("drained.{roomId}").signal("message.posted", ids("messageId")),
});
const newRoom = () => channels.drained({ roomId: randomUUID() });
type Room = ReturnType<typeof newRoom>;

let broker: PusherBroker;
let database: LogDatabase;
let listener: Listener;
beforeAll(() => {
  broker = createPusherBroker({ ...sharedSoketi(), tls: false });
});
beforeEach(async () => {
  database = await createLogDatabase();
  listener = listen(sharedSoketi(), broker);
});
afterEach(async () => {
  listener.close();
  await database.close();
});
afterAll(() => broker.close());

const relayLog = () => createRelayLog({ open: postgresJs(database.readerUrl), pageRows: 10 });
const write = (room: Room, ...messageIds: number[]) =>
  database.writer.begin((tx) =>
    createSignalLog({ sql: port(database.reader) }).append(
      port(tx),
      messageIds.map((messageId) => signal(room, "message.posted", { messageId })),
    ),
  );
const messages = () =>
  listener.frames.flatMap(({ data }) =>
    (data as { ids: { messageId: string }[] }).ids.map(({ messageId }) => messageId),
  );

test("R6 a drain relays pending signals in order, once, and returns their number", async () => {
  const room = newRoom();
  await listener.join(`private-${room.name}.e0`);
  for (let message = 1; message <= 25; message += 1) await write(room, message);
  const drained = await drain({ log: relayLog(), broker });
  expect(drained).toEqual({ standby: false, signals: 25, frames: 1, more: false });
  const all = Array.from({ length: 25 }, (_, index) => String(index + 1));
  await vi.waitFor(() => expect(messages()).toEqual(all));
  expect(await drain({ log: relayLog(), broker })).toMatchObject({ signals: 0 });
});

test("R6 of two concurrent drains one relays and the other stands by", async () => {
  await write(newRoom(), 1);
  await drain({ log: relayLog(), broker });
  await write(newRoom(), 2);
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let isAtWork = false;
  const slow: Broker = {
    ...broker,
    publish: async (deliveries) => {
      isAtWork ||= deliveries.length > 0;
      await held;
      await broker.publish(deliveries);
    },
  };
  const first = drain({ log: relayLog(), broker: slow });
  await vi.waitFor(() => expect(isAtWork).toBe(true));
  expect(await drain({ log: relayLog(), broker })).toEqual({ standby: true });
  goOn();
  expect(await first).toMatchObject({ standby: false, signals: 1 });
});

test("R6 a drain stands by while a relay leads, and takes over after it stopped", async () => {
  const relay = createRelay({ log: relayLog(), broker });
  relay.start();
  await vi.waitFor(() => expect(relay.health().state).toBe("leading"));
  expect(await drain({ log: relayLog(), broker })).toEqual({ standby: true });
  await relay.stop();
  await write(newRoom(), 1);
  await vi.waitFor(async () =>
    expect(await drain({ log: relayLog(), broker })).toMatchObject({ signals: 1 }),
  );
});

test("R6 overlapping drains and a relay that starts and stops deliver every signal once, in order", async () => {
  const room = newRoom();
  await listener.join(`private-${room.name}.e0`);
  const all = Array.from({ length: 60 }, (_, index) => String(index + 1));
  let isWritten = false;
  const drains = [1, 2].map(async () => {
    let signals = 0;
    // As a cron job would, without its interval of a minute.
    for (let last = false; !last; ) {
      last = isWritten;
      const drained = await drain({ log: relayLog(), broker });
      if (!drained.standby) signals += drained.signals;
    }
    return signals;
  });
  let relay = createRelay({ log: relayLog(), broker });
  let relayed = 0;
  for (const message of all) {
    if (Number(message) % 20 === 1) {
      await relay.stop();
      relayed += relay.health().published;
      relay = createRelay({ log: relayLog(), broker });
      relay.start();
    }
    await write(room, Number(message));
  }
  isWritten = true;
  const drained = await Promise.all(drains);
  await vi.waitFor(() => expect([...new Set(messages())]).toEqual(all));
  await relay.stop();
  relayed += relay.health().published;
  // Each row was relayed once. A new leader repeats the last frame, which readers recognise by its id.
  expect(relayed + drained.reduce((sum, each) => sum + each, 0)).toBe(60);
});

test("R6 a drain ends within its time limit: it fails when the broker is down, and signals stay pending", async () => {
  await write(newRoom(), 1);
  const away = createPusherBroker({ ...sharedSoketi(), port: await freePort(), tls: false });
  // The clock advances only while the drain waits, so a slow machine does not use up the limit.
  let nowMs = 0;
  const clock: Clock = {
    now: () => nowMs,
    after: (durationMs, run) =>
      monotonicClock.after(durationMs, () => {
        nowMs += durationMs;
        run();
      }),
  };
  await expect(drain({ log: relayLog(), broker: away, maxMs: 300, clock })).rejects.toMatchObject({
    code: "unreachable",
  });
  away.close();
  expect(await drain({ log: relayLog(), broker })).toMatchObject({ signals: 1, more: false });
  await write(newRoom(), 2);
  expect(await drain({ log: relayLog(), broker, maxMs: 0 })).toMatchObject({
    signals: 0,
    more: true,
  });
});
