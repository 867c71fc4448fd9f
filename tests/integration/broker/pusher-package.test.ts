import { randomUUID } from "node:crypto";
import { Agent } from "node:http";
import Pusher from "pusher";
import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import { createRelay, createRelayLog, createSignalLog, type Delivery } from "querycast/server";
import { createPusherBroker } from "querycast/transports/pusher/server";
import { expect, onTestFinished, test, vi } from "vitest";
import { openRawSocket } from "../../support/broker/raw-socket.ts";
import { listen } from "../../support/broker/relay-listener.ts";
import { ownSoketiApp } from "../../support/broker/soketi.ts";
import { createLogDatabase, port } from "../../support/database/log-database.ts";

const channels = defineChannels({
  carried: channel("carried.{roomId}").signal("message.posted", ids("messageId")),
});

/** An app with its own instance of `pusher`, which it also uses for other events. */
function appWithPusher() {
  const soketi = ownSoketiApp();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const { appId, key, secret, host, port: brokerPort } = soketi;
  const pusher = new Pusher({
    appId,
    key,
    secret,
    host,
    port: String(brokerPort),
    useTLS: false,
    timeout: 3000,
    agent,
  });
  const broker = createPusherBroker(pusher);
  const listener = listen(soketi, broker);
  onTestFinished(listener.close);
  return { soketi, pusher, broker, listener };
}
const delivery = (roomId: string, messageId: string): Delivery => ({
  channel: `carried.${roomId}`,
  accessEpoch: 0,
  signal: { id: messageId, name: "message.posted", ids: [{ messageId }], origin: undefined },
});

test("S3.29 Y1 an app's own instance of pusher signs joins and publishes the relay's signals", async () => {
  const { broker, listener } = appWithPusher();
  const database = await createLogDatabase();
  onTestFinished(database.close);
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(database.readerUrl) }),
    broker,
  });
  relay.start();
  onTestFinished(() => relay.stop());
  const room = channels.carried({ roomId: randomUUID() });
  await listener.join(`private-${room.name}.e0`);
  await database.writer.begin((tx) =>
    createSignalLog({ sql: port(database.reader) }).append(
      port(tx),
      [1, 2, 3].map((messageId) => signal(room, "message.posted", { messageId })),
    ),
  );
  await vi.waitFor(() =>
    expect(
      listener.frames.flatMap(({ data }) => (data as { ids: { messageId: string }[] }).ids),
    ).toEqual([{ messageId: "1" }, { messageId: "2" }, { messageId: "3" }]),
  );
});

test("S3.29 Y1 an app's own instance counts subscriptions, signs users in and ends their sockets", async () => {
  const { soketi, broker, listener } = appWithPusher();
  const wireName = `private-carried.${randomUUID()}.e0`;
  await listener.join(wireName);
  expect((await broker.countSubscriptions?.())?.get(wireName)).toBe(1);

  const userId = "ada@example.org";
  const socket = await openRawSocket(soketi);
  const { auth, userData } = await broker.signUser(socket.socketId, userId);
  socket.send({ event: "pusher:signin", data: { auth, user_data: userData } });
  await socket.received("pusher:signin_success");
  await broker.terminate(userId);
  expect(await socket.closed).toBe(4009);
  expect([...(await broker.apps()).signers.keys()]).toEqual([soketi.key]);
});

test("Y1 an app can use its own instance beside the broker, and after it is closed", async () => {
  const { pusher, broker, listener } = appWithPusher();
  const roomId = randomUUID();
  await listener.join(`private-carried.${roomId}.e0`);
  const ownName = `private-chat-${randomUUID()}.e0`;
  await listener.join(ownName);
  await broker.publish([delivery(roomId, "m1")]);
  await (await pusher.trigger(ownName, "said", { text: "Hello" })).text();
  broker.close();
  await (await pusher.trigger(ownName, "said", { text: "Still here" })).text();
  await vi.waitFor(() =>
    expect(listener.frames.map(({ name, data }) => [name, data])).toEqual([
      ["message.posted", { v: 1, id: "m1", ids: [{ messageId: "m1" }] }],
      ["said", { text: "Hello" }],
      ["said", { text: "Still here" }],
    ]),
  );
});
