import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type RunningSoketi, startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import { guardModes } from "../../support/broker/guard-modes.ts";
import {
  openPusherClient,
  openPusherServer,
  type PusherClient,
} from "../../support/broker/pusher-client.ts";
import { openRawSocket, type RawSocket } from "../../support/broker/raw-socket.ts";
import { signedRequest } from "../../support/broker/signed-request.ts";
import {
  malformedFrames,
  refusedFrames,
  refusedSubscriptions,
  signIn,
  subscribe,
} from "../../support/hostile/hostile-frames.ts";

const ourOrigin = "https://inkwell.test";
const wireName = "private-room.bystander.e0";
/** https://pusher.com/docs/channels/using_channels/watchlist-events/ */
const ids = Array.from({ length: 100 }, (_, index) => `${index}`.padStart(128, "u"));

describe.each(guardModes)("a guard that $mode", ({ allow }) => {
  let soketi: RunningSoketi;
  let server: ReturnType<typeof openPusherServer>;
  let pid: number;
  /** Both stay subscribed during all tests: one raw socket and one pusher-js. */
  let bystander: RawSocket;
  let application: PusherClient;
  const applicationReceived: string[] = [];

  beforeAll(async () => {
    soketi = await startSoketi({ allowedOrigins: [ourOrigin], allow });
    server = openPusherServer(soketi);
    pid = soketi.pid();
    bystander = await join(wireName);
    application = await openPusherClient(soketi);
    const channel = await application.join(wireName);
    channel.bind_global((name: string) => applicationReceived.push(name));
  });
  afterAll(async () => {
    application.close();
    await bystander.close();
    await soketi.stop();
  });
  afterEach(async () => {
    expect(soketi.pid(), "Soketi's process has not changed").toBe(pid);
    await expectDelivery();
  });

  async function join(channel: string): Promise<RawSocket> {
    const socket = await openRawSocket(soketi);
    const { auth } = server.authorizeChannel(socket.socketId, channel);
    socket.send(subscribe({ channel, auth }));
    await socket.received("pusher_internal:subscription_succeeded");
    return socket;
  }

  let deliveries = 0;
  /** Both bystanders receive a new event. */
  async function expectDelivery(): Promise<void> {
    deliveries += 1;
    const name = `room.changed-${deliveries}`;
    await server.trigger(wireName, name, { n: deliveries });
    await bystander.received(name);
    await expect.poll(() => applicationReceived, { timeout: 15_000 }).toContain(name);
  }

  test.each(malformedFrames)(
    "G1 a frame that is %s closes only its own socket, with 4301",
    async (_what, frame) => {
      const socket = await openRawSocket(soketi);
      socket.send(frame);
      expect(await socket.closed).toBe(4301);
      expect(socket.frames.at(-1)).toMatchObject({ event: "pusher:error", data: { code: 4301 } });
    },
  );

  test.each(refusedSubscriptions)(
    "G2 a subscription %s is answered with pusher:subscription_error, and the socket stays open",
    async (_what, frame) => {
      const socket = await openRawSocket(soketi);
      socket.send(frame);
      const { channel } = (frame as ReturnType<typeof subscribe>).data as { channel: string };
      expect(await socket.received("pusher:subscription_error")).toEqual({
        event: "pusher:subscription_error",
        channel,
        data: { type: expect.any(String), error: expect.any(String), status: expect.any(Number) },
      });
      await expectOpen(socket);
      await socket.close();
    },
  );

  test.each(refusedFrames)(
    "G3 a frame that is %s is answered with pusher:error, and the socket stays open",
    async (_what, frame) => {
      const socket = await openRawSocket(soketi);
      socket.send(frame);
      expect(await socket.received("pusher:error")).toMatchObject({ data: { code: 4301 } });
      await expectOpen(socket);
      await socket.close();
    },
  );

  async function expectOpen(socket: RawSocket): Promise<void> {
    socket.send({ event: "pusher:ping" });
    await socket.received("pusher:pong");
  }

  test.each([
    ["200,000 brackets", "[".repeat(200_000)],
    ["one byte more than 16 KB", "x".repeat(16 * 1024 + 1)],
    ["90 MB", Buffer.alloc(90 * 1024 * 1024, "x")],
  ])("a frame of %s closes its own socket before it is read", async (_what, frame) => {
    const socket = await openRawSocket(soketi);
    socket.send(frame);
    expect([1006, 1009]).toContain(await socket.closed);
  });

  test.each([
    ["a watchlist of 100 ids of 128 characters", { id: "a", watchlist: ids }],
    ["an id of 12,000 characters", { id: "a".repeat(12_000) }],
  ])("a signed sign-in with %s is accepted", async (_what, user) => {
    const socket = await openRawSocket(soketi);
    const signed = server.authenticateUser(socket.socketId, user);
    socket.send({ event: "pusher:signin", data: signed });
    await socket.received("pusher:signin_success");
    await expectOpen(socket);
    await socket.close();
  });

  test("a signed sign-in in a frame of exactly 16 KB is accepted, and one byte more closes its socket", async () => {
    for (const bytes of [16 * 1024, 16 * 1024 + 1]) {
      const socket = await openRawSocket(soketi);
      const frameWith = (name: string) =>
        JSON.stringify({
          event: "pusher:signin",
          data: server.authenticateUser(socket.socketId, { id: "a", user_info: { name } }),
        });
      const frame = frameWith("x".repeat(bytes - frameWith("").length));
      expect(Buffer.byteLength(frame)).toBe(bytes);
      socket.send(frame);
      if (bytes > 16 * 1024) expect([1006, 1009]).toContain(await socket.closed);
      else await socket.received("pusher:signin_success");
      await socket.close();
    }
  });

  test("a broker that receives hostile frames in a loop keeps its process and its subscribers", async () => {
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

  test("a hundred malformed frames at once are answered once", async () => {
    const socket = await openRawSocket(soketi);
    for (let sent = 0; sent < 100; sent += 1) socket.send({ event: "pusher:subscribe" });
    expect(await socket.closed).toBe(4301);
    expect(socket.frames.filter(({ event }) => event === "pusher:error")).toHaveLength(1);
  });

  test("a ping is answered, a pong is not, and an unsubscription without a subscription is allowed", async () => {
    const socket = await openRawSocket(soketi);
    socket.send({ event: "pusher:pong", data: {} });
    for (const channel of [
      "private-never-joined",
      "news",
      "presence-a",
      "#server-to-user-1",
      "a b",
    ]) {
      socket.send({ event: "pusher:unsubscribe", data: { channel } });
    }
    socket.send({ event: "pusher:ping", data: {} });
    await socket.received("pusher:pong");
    expect(socket.frames.map(({ event }) => event)).toEqual([
      "pusher:connection_established",
      "pusher:pong",
    ]);
    await socket.close();
  });

  test("a signature for another socket, channel or secret cannot subscribe", async () => {
    const socket = await openRawSocket(soketi);
    const stranger = openPusherServer({ ...soketi, secret: "a guessed secret" });
    const signatures = [
      server.authorizeChannel("1.2", wireName).auth,
      server.authorizeChannel(socket.socketId, "private-room.other.e0").auth,
      stranger.authorizeChannel(socket.socketId, wireName).auth,
      server.authorizeChannel(socket.socketId, wireName).auth.toUpperCase(),
      "",
    ];
    for (const auth of signatures) socket.send(subscribe({ channel: wireName, auth }));
    await expectOpen(socket);
    const events = socket.frames.map(({ event }) => event);
    expect(events.filter((event) => event === "pusher:subscription_error")).toHaveLength(5);
    expect(events).not.toContain("pusher_internal:subscription_succeeded");
    await socket.close();
  });

  test("the handshake of a page of another origin is answered with 403", async () => {
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

  test("a socket that closes with the broker's own code leaves its channels", async () => {
    const channel = "private-room.leaver.e0";
    const socket = await join(channel);
    await socket.close(4200);
    await expect.poll(() => countSubscriptions(channel), { timeout: 15_000 }).toBe(0);
  });

  async function countSubscriptions(channel: string): Promise<number> {
    const response = await signedRequest(soketi, { method: "GET", path: `/channels/${channel}` });
    const body = (await response.json()) as { subscription_count: number };
    return body.subscription_count;
  }

  test('a name with "cache-" in the middle is no cache channel: no event is stored and replayed', async () => {
    const socket = await join("private-room.cache-a.e0");
    await expectOpen(socket);
    expect(socket.frames.map(({ event }) => event)).not.toContain("pusher:cache_miss");
    await socket.close();
  });
});
