import { createPusherBroker } from "querycast/transports/pusher/server";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type RunningSoketi, startSoketi } from "../../scripts/parts/soketi.ts";
import { openRawSocket, type RawSocket } from "../support/raw-socket.ts";
import { signedRequest } from "../support/signed-request.ts";

const ourOrigin = "https://inkwell.test";
const wireName = "private-room.bystander.e0";

let soketi: RunningSoketi;
let broker: ReturnType<typeof createPusherBroker>;
let pid: number;
/** Joined before anything else happens here; whatever others send, it stays. */
let bystander: RawSocket;

beforeAll(async () => {
  soketi = await startSoketi({ allowedOrigins: [ourOrigin] });
  broker = createPusherBroker({ ...soketi, tls: false });
  pid = soketi.pid();
  bystander = await join(wireName);
});
afterAll(async () => {
  await bystander.close();
  await soketi.stop();
});
afterEach(async () => {
  expect(soketi.pid(), "it is still the process it was").toBe(pid);
  await expectDelivery();
});

async function join(channel: string): Promise<RawSocket> {
  const socket = await openRawSocket(soketi);
  const auth = await broker.signJoin(socket.socketId, channel);
  socket.send({ event: "pusher:subscribe", data: { channel, auth } });
  await socket.heard("pusher_internal:subscription_succeeded");
  return socket;
}

let deliveries = 0;
/** The bystander hears what is published now. */
async function expectDelivery(): Promise<void> {
  deliveries += 1;
  const name = `room.changed-${deliveries}`;
  const signal = { id: String(deliveries), name, ids: undefined, origin: undefined };
  await broker.publish([{ channel: "room.bystander", accessEpoch: 0, signal }]);
  await bystander.heard(name);
}

const subscribe = (data: unknown) => ({ event: "pusher:subscribe", data });
const signedTo = (channel: unknown) =>
  subscribe({ channel, auth: `inkwell-key:${"0".repeat(64)}` });

/** Each of these ends Soketi 1.6.1, or makes it do what nobody meant it to. */
const refusedFrames: readonly (readonly [string, unknown])[] = [
  ["nothing", ""],
  ["no JSON", "{"],
  ["null", "null"],
  ["an array", "[]"],
  ["a number", "1"],
  ["text", '"pusher:subscribe"'],
  ["no event", {}],
  ["an event that is null", { event: null }],
  ["an event that is an object", { event: { toString: "pusher:subscribe" } }],
  ["an event that is a list", { event: ["pusher:subscribe"] }],
  ["an event that every object has", { event: "constructor" }],
  ["the event __proto__", '{"event":"__proto__"}'],
  ["an unknown event", { event: "pusher:dance" }],
  ["an event of the broker's own", { event: "pusher_internal:subscription_succeeded" }],
  ["an event given twice", '{"event":"pusher:ping","event":"pusher:subscribe"}'],
  ["subscribe without data", { event: "pusher:subscribe" }],
  ["subscribe with null data", subscribe(null)],
  ["subscribe with data as text", subscribe('{"channel":"private-a"}')],
  ["subscribe with a list as data", subscribe(["private-a"])],
  ["subscribe without a channel", subscribe({ auth: "a:b" })],
  ["subscribe without a signature", subscribe({ channel: "private-a" })],
  ["a signature that is a number", subscribe({ channel: "private-a", auth: 1 })],
  ["a signature that is an object", subscribe({ channel: "private-a", auth: {} })],
  ["a signature of 301 characters", subscribe({ channel: "private-a", auth: "a".repeat(301) })],
  ["a channel that is a number", signedTo(1)],
  ["a channel that is an array", signedTo(["private-a"])],
  ["a channel that is an object", signedTo({ name: "private-a" })],
  ["a channel that is null", signedTo(null)],
  ["a public channel", signedTo("news")],
  ["a presence channel", signedTo("presence-a")],
  ["an encrypted channel", signedTo("private-encrypted-a")],
  ["a caching channel", signedTo("private-cache-a")],
  ["a user's own channel", signedTo("#server-to-user-1")],
  ["a channel with a colon", signedTo("private-a:b")],
  ["a channel with a line break", signedTo("private-a\n")],
  ["a channel of 165 characters", signedTo(`private-${"a".repeat(157)}`)],
  ["unsubscribe without data", { event: "pusher:unsubscribe" }],
  ["unsubscribe from a number", { event: "pusher:unsubscribe", data: { channel: 1 } }],
  ["sign-in without data", { event: "pusher:signin" }],
  ["sign-in with an object as user", signIn({ id: "1" })],
  ["sign-in with a user that is no JSON", signIn("{")],
  ["sign-in with the user null", signIn("null")],
  ["sign-in without an id", signIn("{}")],
  ["sign-in with an id that is an object", signIn('{"id":{"toString":1}}')],
  ["a client event", { event: "client-typing", channel: wireName, data: {} }],
  ["a client event by any other name", { event: "not-client-typing", channel: wireName }],
  ["a client event without a channel", { event: "client-" }],
  ["7,000 brackets", "[".repeat(7_000)],
  ["7,000 objects in each other", '{"event":'.repeat(1_500)],
  ["binary", Uint8Array.of(1, 2, 3)],
  ["a good frame as binary", new TextEncoder().encode('{"event":"pusher:ping"}')],
];

function signIn(userData: unknown) {
  return { event: "pusher:signin", data: { auth: "a:b", user_data: userData } };
}

test.each(refusedFrames)(
  "a frame that is %s closes its own socket with 4301, and no other",
  async (_what, frame) => {
    const socket = await openRawSocket(soketi);
    socket.send(frame);
    expect(await socket.closed).toBe(4301);
    expect(socket.frames.at(-1)).toMatchObject({ event: "pusher:error", data: { code: 4301 } });
  },
);

test.each([
  ["200,000 brackets", "[".repeat(200_000)],
  ["one byte more than 16 KB", "x".repeat(16 * 1024 + 1)],
  ["90 MB", Buffer.alloc(90 * 1024 * 1024, "x")],
])("a frame of %s closes its own socket before it is read", async (_what, frame) => {
  const socket = await openRawSocket(soketi);
  socket.send(frame);
  expect([1006, 1009]).toContain(await socket.closed);
});

test("S3.23 a broker poisoned in a loop stays the process it was, and a bystander stays joined", async () => {
  const poison = [
    { event: "pusher:subscribe" },
    { event: "pusher:unsubscribe" },
    { event: "pusher:signin" },
    subscribe({ channel: 1 }),
    signIn("null"),
    { event: { a: 1 } },
    "null",
  ];
  for (let round = 0; round < 20; round += 1) {
    const closes = poison.map(async (frame) => {
      const socket = await openRawSocket(soketi);
      socket.send(frame);
      return socket.closed;
    });
    expect(await Promise.all(closes)).toEqual(poison.map(() => 4301));
  }
});

test("a hundred bad frames in one breath are answered once", async () => {
  const socket = await openRawSocket(soketi);
  for (let sent = 0; sent < 100; sent += 1) socket.send({ event: "pusher:subscribe" });
  expect(await socket.closed).toBe(4301);
  expect(socket.frames.filter(({ event }) => event === "pusher:error")).toHaveLength(1);
});

test("a ping is answered, a pong is not, and an unknown channel may be left", async () => {
  const socket = await openRawSocket(soketi);
  socket.send({ event: "pusher:pong", data: {} });
  socket.send({ event: "pusher:unsubscribe", data: { channel: "private-never-joined" } });
  socket.send({ event: "pusher:ping", data: {} });
  await socket.heard("pusher:pong");
  expect(socket.frames.map(({ event }) => event)).toEqual([
    "pusher:connection_established",
    "pusher:pong",
  ]);
  await socket.close();
});

test("a signature for another socket, another channel or by another secret joins nothing", async () => {
  const socket = await openRawSocket(soketi);
  const stranger = createPusherBroker({ ...soketi, secret: "a guessed secret", tls: false });
  const signatures = [
    await broker.signJoin("1.2", wireName),
    await broker.signJoin(socket.socketId, "private-room.other.e0"),
    await stranger.signJoin(socket.socketId, wireName),
    (await broker.signJoin(socket.socketId, wireName)).toUpperCase(),
    "",
  ];
  for (const auth of signatures) socket.send(subscribe({ channel: wireName, auth }));
  socket.send({ event: "pusher:ping" });
  await socket.heard("pusher:pong");
  const events = socket.frames.map(({ event }) => event);
  expect(events.filter((event) => event === "pusher:subscription_error")).toHaveLength(5);
  expect(events).not.toContain("pusher_internal:subscription_succeeded");
  await socket.close();
});

test("the handshake of a page from elsewhere is answered with 403", async () => {
  const foreign = [
    "https://evil.example",
    "null",
    `${ourOrigin}.evil.example`,
    "http://inkwell.test",
    `${ourOrigin}:8443`,
    ourOrigin.toUpperCase(),
  ];
  for (const origin of foreign) {
    await expect(openRawSocket(soketi, { origin })).rejects.toThrow("403");
  }
  const ours = await openRawSocket(soketi, { origin: ourOrigin });
  await ours.close();
});

test("an unknown app key gets no connection", async () => {
  for (const key of ["other-key", "__proto__", "constructor"]) {
    await expect(openRawSocket(soketi, { key })).rejects.toThrow("Closed with 4001");
  }
});

test("a socket that closes with the broker's own code does not stay in its channels", async () => {
  const channel = "private-room.leaver.e0";
  const socket = await join(channel);
  await socket.close(4200);
  await expect.poll(() => occupants(channel)).toBe(0);
});

/** Asked by joining: Soketi counts whom it holds for a channel. */
async function occupants(channel: string): Promise<number> {
  const response = await signedRequest(soketi, { method: "GET", path: `/channels/${channel}` });
  const body = (await response.json()) as { subscription_count: number };
  return body.subscription_count;
}

test('a name that contains "cache-" is a channel like others: nothing is kept and replayed', async () => {
  const channel = "private-room.cache-a.e0";
  const socket = await join(channel);
  socket.send({ event: "pusher:ping" });
  await socket.heard("pusher:pong");
  expect(socket.frames.map(({ event }) => event)).not.toContain("pusher:cache_miss");
  await socket.close();
});
