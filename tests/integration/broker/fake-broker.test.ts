import PusherClient from "pusher-js";
import { createFakeBroker } from "querycast/testing";
import { afterEach, expect, test, vi } from "vitest";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { pusherWithClock } from "../../support/broker/pusher-with-clock.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
const name = "private-room.1.e0";

async function overSockets() {
  const fake = createFakeBroker();
  const front = await fake.listen();
  const broker = createPusherBroker({ ...front, tls: false });
  closers.push(front.close, broker.close);
  return { fake, front, broker };
}
const delivery = (id: string) => ({
  channel: "room.1",
  accessEpoch: 0,
  signal: { id, name: "room.changed", ids: undefined, origin: undefined },
});

test("pusher-js connects over a real socket, joins with a signature and receives events published over HTTP", async () => {
  const { fake, front, broker } = await overSockets();
  const client = new PusherClient(front.key, {
    cluster: "",
    wsHost: front.host,
    wsPort: front.port,
    forceTLS: false,
    enabledTransports: ["ws"],
    channelAuthorization: {
      endpoint: "",
      transport: "ajax",
      customHandler: ({ socketId, channelName }, callback) =>
        void broker.signJoin(socketId, channelName).then((auth) => callback(null, { auth })),
    },
  });
  closers.push(() => client.disconnect());
  const received: unknown[] = [];
  const channel = client.subscribe(name);
  channel.bind("room.changed", (data: unknown) => received.push(data));
  await vi.waitFor(() => expect(channel.subscribed).toBe(true));
  await broker.publish([delivery("a"), delivery("b")]);
  await vi.waitFor(() =>
    expect(received).toEqual([
      { v: 1, id: "a" },
      { v: 1, id: "b" },
    ]),
  );
  fake.cut(4200);
  await vi.waitFor(() => expect(fake.log).toEqual([`+${name}`, `+${name}`]));
});

test("an unknown key is refused with 4001", async () => {
  const { front, fake } = await overSockets();
  const { WebSocket } = await import("ws");
  const socket = new WebSocket(`ws://${front.host}:${front.port}/app/other`);
  const code = await new Promise((resolve) => socket.once("close", resolve));
  expect([code, fake.sockets.size]).toEqual([4001, 0]);
});

test.each([
  ["a wrong secret", { secret: "not-the-secret" }, "unauthorised"],
  ["a wrong key", { key: "not-the-key" }, "unauthorised"],
  ["an unknown app", { appId: "not-the-app" }, "unknown_app"],
])("a publish with %s is refused with a true status", async (_what, wrong, code) => {
  const { front } = await overSockets();
  const broker = createPusherBroker({ ...front, tls: false, ...wrong });
  closers.push(broker.close);
  await expect(broker.publish([delivery("a")])).rejects.toMatchObject({ code });
});

test("a publish with a timestamp that is an hour off is refused", async () => {
  const { front } = await overSockets();
  const broker = createPusherBroker(pusherWithClock(front, -3_600_000));
  await expect(broker.publish([delivery("a")])).rejects.toMatchObject({ code: "unauthorised" });
});

test("a stopped broker also closes connections of publishers", async () => {
  const { fake, broker } = await overSockets();
  fake.stop();
  await expect(broker.publish([delivery("a")])).rejects.toMatchObject({ code: "unreachable" });
  fake.start();
  await broker.publish([delivery("a")]);
});
