import { expect, test } from "vitest";
import type { TransportHandlers } from "../../client/transport.ts";
import { createFakeBroker, type FakeBrokerOptions } from "./fake-broker.ts";
import { createFakeClock, settlePromises } from "./fake-clock.ts";

const viewer = { id: "reader" };
const name = "private-room.1.e0";
const made = (id: string) => ({ id, name: "room.changed", ids: undefined, origin: undefined });

/** A socket that is subscribed to one channel, with the events that arrived. */
async function setUp(options: FakeBrokerOptions = {}) {
  const fake = createFakeBroker(options);
  const received: string[] = [];
  const idOf = (data: unknown) => (JSON.parse(String(data)) as { id: string }).id;
  const handlers: TransportHandlers = {
    connected: (id) => received.push(`connected ${id}`),
    disconnected: ({ reason }) => received.push(reason),
    subscribed: () => received.push("joined"),
    subscriptionFailed: () => received.push("failed"),
    event: (_wireName, _name, data) => received.push(idOf(data)),
  };
  const open = () => fake.transport.connect(handlers);
  const connection = open();
  await settlePromises();
  connection.subscribe(name, await fake.broker.signJoin("1.1", name, viewer));
  await settlePromises();
  received.length = 0;
  const publish = (...signalIds: string[]) => {
    for (const id of signalIds) fake.publish(name, made(id));
  };
  return { fake, received, connection, open, publish };
}

test("planned events are dropped, repeated, reversed and held, and later ones are not", async () => {
  const { fake, received, publish } = await setUp();
  fake.events.drop(2);
  fake.events.duplicate();
  publish("a", "b", "c", "d");
  expect(received.splice(0)).toEqual(["c", "c", "d"]);
  fake.events.reorder(3);
  publish("1", "2");
  expect(received).toEqual([]);
  publish("3", "4");
  expect(received.splice(0)).toEqual(["3", "2", "1", "4"]);
  const release = fake.events.hold();
  publish("x", "y");
  expect(received).toEqual([]);
  release();
  release();
  publish("z");
  expect(received.splice(0)).toEqual(["x", "y", "z"]);
  fake.events.drop(5);
  fake.events.clear();
  fake.events.reorder(3);
  publish("5", "6");
  fake.events.clear();
  publish("7");
  expect(received).toEqual(["6", "5", "7"]);
});

test("events are delayed by the clock, in order; without a clock delay throws", async () => {
  const clock = createFakeClock();
  const { fake, received, publish } = await setUp({ clock });
  fake.events.delay(500);
  publish("a", "b");
  clock.advanceNow(499);
  expect(received).toEqual([]);
  clock.advanceNow(1);
  expect(received).toEqual(["a", "b"]);
  expect(() => createFakeBroker().events.delay(1)).toThrow(/clock/);
});

test.each([
  [4001, "refused"],
  [4200, "lost"],
  [1006, "lost"],
])(
  "stopped with close code %i, open and new connections end as %s, until the broker starts",
  async (code, reason) => {
    const { fake, received, open } = await setUp();
    fake.stop(code);
    open();
    await settlePromises();
    expect(received.splice(0)).toEqual([reason, reason]);
    await expect(fake.broker.publish([])).rejects.toThrow(/stopped/);
    fake.start();
    open();
    await settlePromises();
    expect(received).toEqual(["connected 1.3"]);
    expect([fake.attempts(), fake.sockets.size]).toEqual([3, 1]);
  },
);

test("a frozen broker passes nothing and publishing fails after 3 s; after thaw all frames arrive", async () => {
  const clock = createFakeClock();
  const { fake, received, connection, publish } = await setUp({ clock });
  fake.freeze();
  publish("a");
  connection.unsubscribe(name);
  const failed = expect(fake.broker.publish([])).rejects.toThrow(/did not answer/);
  await clock.advance(3_000);
  await failed;
  expect([received, fake.log.length]).toEqual([[], 1]);
  fake.thaw();
  expect([received, fake.log]).toEqual([["a"], [`+${name}`, `-${name}`]]);
});

test("a half-open socket receives nothing and is closed after 15 s; new sockets are accepted", async () => {
  const clock = createFakeClock();
  const { fake, received, open, publish } = await setUp({ clock });
  fake.halfOpen();
  publish("a");
  open();
  await clock.advance(14_999);
  expect(received.splice(0)).toEqual(["connected 1.2"]);
  await clock.advance(1);
  expect(received).toEqual(["lost"]);
  expect([...fake.sockets].map(({ id }) => id)).toEqual(["1.2"]);
});

test("cut with a user closes only that user's sockets", async () => {
  const { fake, received, connection, open } = await setUp();
  open();
  await settlePromises();
  const { auth, userData } = await fake.broker.signUser("1.1", "u1");
  connection.signIn(auth, userData);
  await settlePromises();
  expect([...fake.sockets].map(({ userId }) => userId)).toEqual(["u1", undefined]);
  received.length = 0;
  fake.cut(4009, "u1");
  expect([received, fake.sockets.size]).toEqual([["refused"], 1]);
});

test("an invalid user signature closes the socket", async () => {
  const { fake, received, connection } = await setUp();
  const { auth } = await fake.broker.signUser("1.1", "u1");
  connection.signIn(auth, JSON.stringify({ id: "admin" }));
  await settlePromises();
  expect([received, fake.sockets.size]).toEqual([["refused"], 0]);
});

test("failCalls makes calls fail, and holdAuth delays signatures", async () => {
  const { fake } = await setUp();
  fake.failCalls(2);
  await expect(fake.broker.publish([])).rejects.toThrow(/because of failCalls/);
  await expect(fake.broker.signJoin("1.1", name, viewer)).rejects.toThrow(/because of failCalls/);
  const release = fake.holdAuth();
  let isSigned = false;
  const signing = fake.broker.signJoin("1.1", name, viewer).then(() => {
    isSigned = true;
  });
  await settlePromises();
  expect(isSigned).toBe(false);
  release();
  await signing;
});

test.each(["presence-room.1", "private-encrypted-room.1", "private-room 1", "public"])(
  "a subscription to the invalid channel %j closes the socket",
  async (channel) => {
    const { received, connection } = await setUp();
    connection.subscribe(channel, "key:auth");
    await settlePromises();
    expect(received).toEqual(["lost"]);
  },
);
