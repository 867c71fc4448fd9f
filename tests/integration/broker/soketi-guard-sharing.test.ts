import type { Channel } from "pusher-js";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type RunningSoketi, startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import {
  openPusherClient,
  openPusherServer,
  type PusherClient,
} from "../../support/broker/pusher-client.ts";
import { openRawSocket } from "../../support/broker/raw-socket.ts";
import { signedRequest } from "../../support/broker/signed-request.ts";

const own = "private-room.own.e0";
const otherChannels = {
  public: "news",
  presence: "presence-lobby",
  encrypted: "private-encrypted-vault",
  cache: "private-cache-latest",
  "public cache": "cache-latest",
} as const;
const frameworkNames = ["App\\Events\\OrderShipped", "order shipped", ".order/shipped", "été"];

let soketi: RunningSoketi;
let server: ReturnType<typeof openPusherServer>;
const open: PusherClient[] = [];
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});
async function connect(userId?: string): Promise<PusherClient> {
  const client = await openPusherClient(soketi, userId);
  open.push(client);
  return client;
}
const next = (channel: Channel | PusherClient["pusher"]["user"], event: string) =>
  new Promise<unknown>((resolve) => channel.bind(event, resolve));
const status = async (channel: string, name = "changed") => {
  const body = { channel, name, data: "{}" };
  return (await signedRequest(soketi, { path: "/events", body })).status;
};

describe("without SOKETI_ALLOW", () => {
  beforeAll(async () => {
    soketi = await startSoketi();
    server = openPusherServer(soketi);
  });
  afterAll(() => soketi.stop());

  test("G2 pusher-js with a forbidden subscription keeps its socket and loses no event of its private channels", async () => {
    const client = await connect();
    const socketId = client.pusher.connection.socket_id;
    const channel = await client.join(own);
    const received: unknown[] = [];
    channel.bind("changed", (data: unknown) => received.push(data));
    const sent: number[] = [];
    for (const name of [...Object.values(otherChannels), "sports", `private-${"a".repeat(160)}`]) {
      await expect(client.join(name)).rejects.toMatchObject({
        type: expect.any(String),
        error: expect.any(String),
        status: expect.any(Number),
      });
      for (let n = 0; n < 2; n += 1) {
        sent.push(sent.length);
        await server.trigger(own, "changed", sent.at(-1));
      }
    }
    await expect.poll(() => received, { timeout: 15_000 }).toEqual(sent);
    expect(client.pusher.connection).toMatchObject({ state: "connected", socket_id: socketId });
  });

  test("G2 the refusal of a kind of channel has status 403 and contains the setting's name", async () => {
    const client = await connect();
    const expected = { public: "public", presence: "presence", encrypted: "encrypted" } as const;
    for (const [kind, feature] of Object.entries(expected)) {
      await expect(client.join(otherChannels[kind as keyof typeof expected])).rejects.toMatchObject(
        {
          type: "AuthError",
          status: 403,
          error: expect.stringContaining(`SOKETI_ALLOW must contain "${feature}"`),
        },
      );
    }
    await expect(client.join(otherChannels.cache)).rejects.toMatchObject({ status: 403 });
  });

  test("G3 pusher-js that sends client events or signs in keeps its socket and its channels", async () => {
    const client = await connect("ada");
    const channel = await client.join(own);
    const error = new Promise((resolve) => client.pusher.connection.bind("error", resolve));
    const received = next(channel, "changed");
    channel.trigger("client-typing", {});
    expect(await error).toMatchObject({ data: { code: 4301 } });
    client.pusher.signin(); // pusher-js then subscribes to #server-to-user-ada
    await client.pusher.user.signinDonePromise;
    await server.trigger(own, "changed", 1);
    expect(await received).toBe(1);
    expect(client.pusher.connection.state).toBe("connected");
  });

  test("G4 servers publish only to private channels with plain event names", async () => {
    for (const channel of Object.values(otherChannels)) expect(await status(channel)).toBe(400);
    expect(await status("#server-to-user-ada")).toBe(400);
    for (const name of frameworkNames) expect(await status(own, name)).toBe(400);
    expect(await status(own)).toBe(200);
  });
});

describe("with SOKETI_ALLOW=all", () => {
  beforeAll(async () => {
    soketi = await startSoketi({ allow: ["all"] });
    server = openPusherServer(soketi);
  });
  afterAll(() => soketi.stop());

  test.each(Object.entries(otherChannels))(
    "G4 pusher-js joins a %s channel and receives its events beside a private one",
    async (_kind, name) => {
      const client = await connect();
      const [channel, ownChannel] = [await client.join(name), await client.join(own)];
      const [other, mine] = [next(channel, "changed"), next(ownChannel, "changed")];
      await server.trigger(name, "changed", { n: 1 });
      await server.trigger(own, "changed", { n: 2 });
      expect(await other).toEqual({ n: 1 });
      expect(await mine).toEqual({ n: 2 });
    },
  );

  test("G4 members of a presence channel see others join and leave", async () => {
    const [ada, ben] = [await connect("ada"), await connect("ben")];
    const lobby = await ada.join("presence-lobby");
    const [added, removed] = [
      next(lobby, "pusher:member_added"),
      next(lobby, "pusher:member_removed"),
    ];
    await ben.join("presence-lobby");
    expect(await added).toEqual({ id: "ben", info: { name: "Ada" } });
    ben.close();
    expect(await removed).toMatchObject({ id: "ben" });
  });

  test("a member of the largest size joins the presence channel with the longest name", async () => {
    const socket = await openRawSocket(soketi);
    const channel = `presence-${"a".repeat(155)}`;
    // Soketi accepts 2 KB of details. JSON in JSON doubles the length of these.
    const member = { user_id: '"'.repeat(200), user_info: { name: '"'.repeat(1_018) } };
    expect(JSON.stringify(member.user_info).length).toBeGreaterThan(2_046);
    const signed = server.authorizeChannel(socket.socketId, channel, member);
    socket.send({ event: "pusher:subscribe", data: { channel, ...signed } });
    await socket.received("pusher_internal:subscription_succeeded");
    await socket.close();
  });

  test("G4 a cache channel replays its last event to new subscribers", async () => {
    await server.trigger("cache-latest", "changed", "last");
    const client = await connect();
    const channel = client.pusher.subscribe("cache-latest");
    expect(await next(channel, "changed")).toBe("last");
  });

  test("G4 a client event reaches the other subscribers of its private channel", async () => {
    const [ada, ben] = [await connect("ada"), await connect("ben")];
    const received = next(await ben.join(own), "client-typing");
    (await ada.join(own)).trigger("client-typing", { by: "ada" });
    expect(await received).toEqual({ by: "ada" });
  });

  test("G8 client events beyond ten per second are answered with pusher:error, and the socket stays open", async () => {
    const [ada, ben] = [await connect("ada"), await connect("ben")];
    const received: unknown[] = [];
    (await ben.join(own)).bind("client-moved", (data: unknown) => received.push(data));
    const channel = await ada.join(own);
    const errors: unknown[] = [];
    ada.pusher.connection.bind("error", (error: unknown) => errors.push(error));
    for (let n = 0; n < 100; n += 1) channel.trigger("client-moved", n);
    await expect.poll(() => errors.length + received.length, { timeout: 15_000 }).toBe(100);
    expect(received.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(errors.length).toBeGreaterThan(50);
    expect(errors[0]).toMatchObject({ data: { code: 4301 } });
    expect(ada.pusher.connection.state).toBe("connected");
  });

  test("G6 sendToUser reaches each socket of the user and no other", async () => {
    const [ada, adaAgain, ben] = [await connect("ada"), await connect("ada"), await connect("ben")];
    for (const client of [ada, adaAgain, ben]) client.pusher.signin();
    await expect
      .poll(() => [ada, adaAgain, ben].every(isOnUserChannel), { timeout: 15_000 })
      .toBe(true);
    const overheard: unknown[] = [];
    ben.pusher.user.bind("greeting", (data: unknown) => overheard.push(data));
    const received = Promise.all([
      next(ada.pusher.user, "greeting"),
      next(adaAgain.pusher.user, "greeting"),
    ]);
    await server.sendToUser("ada", "greeting", "hello");
    expect(await received).toEqual(["hello", "hello"]);
    const last = next(ben.pusher.user, "greeting");
    await server.sendToUser("ben", "greeting", "last");
    await last;
    expect(overheard).toEqual(["last"]);
  });
  const isOnUserChannel = ({ pusher }: PusherClient) =>
    pusher.user.serverToUserChannel?.subscribed === true;

  test("G6 a socket that signs in as a second user loses the first user's channel, and the first user's other sockets still receive", async () => {
    const [changing, ada] = [await openRawSocket(soketi), await connect("ada")];
    for (const id of ["ada", "ben"]) {
      const data = server.authenticateUser(changing.socketId, { id });
      changing.send({ event: "pusher:signin", data });
    }
    await expect
      .poll(() => changing.frames.filter(({ event }) => event === "pusher:signin_success").length, {
        timeout: 15_000,
      })
      .toBe(2);
    const channel = "#server-to-user-ada";
    changing.send({ event: "pusher:subscribe", data: { channel, auth: "" } });
    expect(await changing.received("pusher:subscription_error")).toMatchObject({
      channel,
      data: { status: 401 },
    });
    await changing.close();
    ada.pusher.signin();
    await expect.poll(() => isOnUserChannel(ada), { timeout: 15_000 }).toBe(true);
    const received = next(ada.pusher.user, "greeting");
    await server.sendToUser("ada", "greeting", "hello");
    expect(await received).toBe("hello");
    expect(changing.frames.map(({ event }) => event)).not.toContain("greeting");
  });

  test.each(frameworkNames)("G4 an event named %j is delivered", async (name) => {
    const channel = await (await connect()).join(own);
    const received = next(channel, name);
    await server.trigger(own, name, 1);
    expect(await received).toBe(1);
  });

  test("names with control characters or a lone surrogate are refused", async () => {
    for (const name of ["a\nb", "a\0b", "\u{85}", "\ud800"])
      expect(await status(own, name)).toBe(400);
  });
});

test("G4 each feature of SOKETI_ALLOW allows its kind of channel and no other", async () => {
  for (const feature of ["public", "presence", "encrypted"] as const) {
    const broker = await startSoketi({ allow: [feature, "cache"] });
    onTestFinished(broker.stop);
    const client = await openPusherClient(broker);
    open.push(client);
    const joined: string[] = [];
    for (const [kind, channel] of Object.entries(otherChannels)) {
      await client.join(channel).then(
        () => joined.push(kind),
        () => undefined,
      );
    }
    const cached = feature === "public" ? ["cache", "public cache"] : ["cache"];
    expect(joined).toEqual([feature, ...cached]);
  }
});

test("an unknown feature stops Soketi at its start with the list of known ones", async () => {
  const lines: string[] = [];
  const start = startSoketi({ allow: ["presences"], say: (line) => lines.push(line) });
  await expect(start).rejects.toMatchObject({ code: "start-failed" });
  expect(lines.join("\n")).toContain('SOKETI_ALLOW contains "presences". Possible values: public,');
});
