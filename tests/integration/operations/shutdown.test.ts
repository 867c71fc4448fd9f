import { randomUUID } from "node:crypto";
import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  type Broker,
  createRelay,
  createRelayLog,
  createSignalInspector,
  createSignalLog,
} from "querycast/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import {
  createPusherBroker,
  type PusherBroker,
} from "../../../src/realtime/transports/pusher/server.ts";
import { type Listener, listen } from "../../support/broker/relay-listener.ts";
import { sharedSoketi } from "../../support/broker/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "../../support/database/log-database.ts";

const channels = defineChannels({
  ended: channel("ended.{roomId}").signal("message.posted", ids("messageId")),
});
let database: LogDatabase;
let broker: PusherBroker;
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

const relayOver = (target: Broker) =>
  createRelay({ log: createRelayLog({ open: postgresJs(database.readerUrl) }), broker: target });
const inspector = () => createSignalInspector({ sql: port(database.reader) });
/** Postgres takes a moment to end a closed session and to release its lead. */
const isLeft = (backlog: { pending: number }) =>
  vi.waitFor(async () =>
    expect(await inspector().backlog()).toMatchObject({ ...backlog, isLed: false }),
  );

/** A broker that answers when released, and reports when it was called. */
function held() {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let asked = 0;
  const slow: Broker = {
    ...broker,
    publish: async (frames) => {
      if (frames.length > 0) asked += 1;
      await broker.publish(frames);
      if (frames.length > 0) await gate;
    },
  };
  return { slow, letGo, asked: () => asked };
}

async function writeTo(room: ReturnType<typeof channels.ended>, ...messageIds: string[]) {
  const log = createSignalLog({ sql: port(database.reader) });
  for (const messageId of messageIds) {
    await database.writer.begin((tx) =>
      log.append(port(tx), [signal(room, "message.posted", { messageId })]),
    );
  }
}
const received = () =>
  listener.frames.flatMap(({ data }) =>
    (data as { ids: { messageId: string }[] }).ids.map(({ messageId }) => messageId),
  );

test("R8 a relay that is stopped during a publish records it, and no signal is published twice", async () => {
  const room = channels.ended({ roomId: randomUUID() });
  await listener.join(`private-${room.name}.e0`);
  const { asked, letGo, slow } = held();
  const relay = relayOver(slow);
  relay.start();
  await writeTo(room, "1");
  await vi.waitFor(() => expect(asked()).toBe(1));
  const stopped = relay.stop();
  await writeTo(room, "2");
  letGo();
  await stopped;
  expect(relay.health().state).toBe("stopped");
  // The delivery in flight is recorded. Later signals wait for the next relay.
  expect(await inspector().pages()).toMatchObject([{ signals: 1, attempts: 1 }]);
  await isLeft({ pending: 1 });

  const next = relayOver(broker);
  next.start();
  await vi.waitFor(() => expect(new Set(received())).toEqual(new Set(["1", "2"])));
  await vi.waitFor(async () => expect(await inspector().pages()).toHaveLength(2));
  await vi.waitFor(() => expect(next.health().published).toBe(1));
  await next.stop();
});

test("R1 a relay stops at once while the broker is down, and keeps waiting signals", async () => {
  const room = channels.ended({ roomId: randomUUID() });
  await listener.join(`private-${room.name}.e0`);
  const away: Broker = { ...broker, publish: () => Promise.reject(new Error("away")) };
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(database.readerUrl) }),
    broker: away,
    // The longest back-off would exceed the test.
    random: () => 1,
  });
  relay.start();
  await writeTo(room, "1", "2");
  await vi.waitFor(() => expect(relay.health()).toMatchObject({ state: "blocked" }));
  await relay.stop();
  await isLeft({ pending: 2 });
  const next = relayOver(broker);
  next.start();
  await vi.waitFor(() => expect(received()).toEqual(["1", "2"]));
  await next.stop();
});
