import { expect, test } from "vitest";
import { type ChannelRef, channel, defineChannels } from "../protocol/channel.ts";
import { ids } from "../protocol/ids.ts";
import type { Signal } from "../protocol/signal.ts";
import { createFakeBroker } from "../testing/fake-broker.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createFakeEnvironment } from "../testing/fake-environment.ts";
import { createFakeRoute } from "../testing/fake-route.ts";
import { createRealtimeClient } from "./client.ts";
import type { RealtimeReport } from "./realtime-client.ts";
import type { Transport } from "./transport.ts";

const channels = defineChannels({
  user: channel("user.{userId}").signal("notification.created", ids("notificationId")),
  article: channel("article.{articleId}").signal("comment.created", ids("commentId")),
});
const user = channels.user({ userId: "u1" });
const article = channels.article({ articleId: "a1" });

const made = (id: string, name = "comment.created"): Signal => ({
  id,
  name,
  ids: [{ commentId: id }],
  origin: undefined,
});

const moved = (epoch: number) => `private-article.a1.e${epoch}`;

function setUp(options: { transport?: Transport | undefined; random?: () => number } = {}) {
  const broker = createFakeBroker();
  const route = createFakeRoute();
  const clock = createFakeClock();
  const environment = createFakeEnvironment();
  const reports: RealtimeReport[] = [];
  let pings = 0;
  const transport: Transport = {
    name: broker.transport.name,
    connect: (handlers) => {
      const connection = broker.transport.connect(handlers);
      return {
        ...connection,
        ping: (answered) => {
          pings += 1;
          connection.ping(answered);
        },
      };
    },
  };
  const client = createRealtimeClient({
    channels,
    transport: "transport" in options ? options.transport : transport,
    fetch: route.fetch,
    clock,
    environment,
    random: options.random ?? (() => 0.5),
    onReport: (report) => reports.push(report),
  });
  const statuses: string[] = [];
  client.onStateChange(() => statuses.push(client.getState().status));
  const listen = (ref: ChannelRef = article) => {
    const heard: string[] = [];
    const stop = client.subscribe(ref, {
      signal: (signal, isKnown) => heard.push(isKnown ? signal.id : `unknown ${signal.name}`),
      gap: () => heard.push("gap"),
    });
    return { heard, stop };
  };
  const members = (wireName: string) =>
    [...broker.sockets].filter((socket) => socket.subscriptions.has(wireName)).length;
  return {
    broker,
    route,
    clock,
    environment,
    reports,
    client,
    statuses,
    listen,
    members,
    pings: () => pings,
  };
}

test("S3.20 without a transport no socket is opened, nothing is asked and nothing is reported", async () => {
  const { client, clock, listen, route, reports } = setUp({ transport: undefined });
  const { heard, stop } = listen();
  await clock.advance(60_000);
  expect(client.getState()).toEqual({
    status: "offline",
    reason: "no-transport",
    lastCaughtUpAt: undefined,
  });
  stop();
  expect({ heard, reports, requests: route.requests, pending: clock.pending() }).toEqual({
    heard: [],
    reports: [],
    requests: [],
    pending: 0,
  });
});

test("no socket is opened until the first channel is wanted", async () => {
  const { broker, client, clock, environment, listen } = setUp();
  await clock.advance(60_000);
  expect(broker.attempts()).toBe(0);
  expect(environment.listeners()).toBe(0);
  expect(client.getState()).toMatchObject({ status: "offline", reason: "idle" });
  listen();
  await clock.advance(100);
  expect(broker.attempts()).toBe(1);
});

test("a channel becomes live by join, acknowledgement and one catch-up, in this order", async () => {
  const { broker, client, clock, route, statuses, listen } = setUp();
  const one = listen(article);
  const two = listen(user);
  await clock.advance(100);
  expect(route.requests.map(({ type }) => type).sort()).toEqual(["catch-up", "join", "sign-in"]);
  expect(route.of("join")[0]?.channels).toEqual([article.name, user.name]);
  expect(route.of("catch-up")[0]?.channels).toEqual([
    { channel: article.name, cursor: null },
    { channel: user.name, cursor: null },
  ]);
  expect(broker.log).toEqual(["+private-article.a1.e0", "+private-user.u1.e0"]);
  expect(statuses).toEqual(["connecting", "catching-up", "live"]);
  expect(client.getState().lastCaughtUpAt).toBeTypeOf("number");
  expect([one.heard, two.heard]).toEqual([["gap"], ["gap"]]);
});

test("100 channels go into one request, the 101st into a second", async () => {
  const { clock, client, route } = setUp();
  for (let index = 0; index < 101; index += 1) {
    client.subscribe(channels.article({ articleId: index }), { signal: () => {}, gap: () => {} });
  }
  await clock.advance(100);
  expect(route.of("join").map((request) => request.channels.length)).toEqual([100, 1]);
  expect(route.of("catch-up").map((request) => request.channels.length)).toEqual([100, 1]);
  expect(client.getState().status).toBe("live");
});

test("a signal that arrives between acknowledgement and catch-up is applied, and once", async () => {
  const { broker, clock, route, listen } = setUp();
  const { heard, stop } = listen();
  await clock.advance(100);
  stop();
  await clock.advance(3_000);
  const again = listen();
  route.append(article.name, made("s1"));
  await clock.advance(15);
  broker.publish(route.wireName(article.name), made("s1"));
  await clock.advance(100);
  expect(route.of("catch-up").at(-1)?.channels[0]?.cursor).toBe("0/0");
  expect(heard).toEqual(["gap"]);
  expect(again.heard).toEqual(["s1"]);
});

test("a signal delivered twice is told once", async () => {
  const { broker, clock, route, listen } = setUp();
  const { heard } = listen();
  await clock.advance(100);
  const wireName = route.wireName(article.name);
  broker.publish(wireName, made("s1"));
  broker.publish(wireName, made("s1"));
  broker.publish(wireName, made("s2"));
  expect(heard).toEqual(["gap", "s1", "s2"]);
});

test("S3.24 a forged or malformed signal is at most a hint that the channel changed", async () => {
  const { broker, clock, route, listen, reports } = setUp();
  const { heard } = listen();
  await clock.advance(100);
  const wireName = route.wireName(article.name);
  for (const data of ["{", null, 7, [], '{"v":1,"ids":"all"}', { v: 9 }, { __proto__: { v: 1 } }]) {
    broker.send(wireName, "comment.created", data);
  }
  broker.send(wireName, "price.changed", "{}");
  broker.send("private-article.other.e0", "comment.created", "{}");
  expect(heard).toEqual(["gap", "", "", "", "", "", "", "", "unknown price.changed"]);
  expect(reports).toEqual([]);
});

test("S3.21 a channel is joined once for all its listeners and left 3 s after the last", async () => {
  const { broker, client, clock, listen, members } = setUp();
  const one = listen();
  const two = listen();
  await clock.advance(100);
  one.stop();
  one.stop();
  await clock.advance(10_000);
  expect(members("private-article.a1.e0")).toBe(1);
  two.stop();
  await clock.advance(2_999);
  expect(members("private-article.a1.e0")).toBe(1);
  await clock.advance(1);
  expect(broker.log).toEqual(["+private-article.a1.e0", "-private-article.a1.e0"]);
  expect(broker.sockets.size).toBe(0);
  expect(client.getState()).toMatchObject({ status: "offline", reason: "idle" });
  expect(clock.pending()).toBe(0);
});

test("S3.21 leaving and coming back within 3 s keeps the one subscription", async () => {
  const { broker, clock, listen } = setUp();
  listen().stop();
  const { heard } = listen();
  await clock.advance(100);
  for (let round = 0; round < 5; round += 1) {
    listen().stop();
    await clock.advance(2_000);
  }
  expect(broker.log).toEqual(["+private-article.a1.e0"]);
  expect(heard).toEqual(["gap"]);
});

test("a channel given up while it is being joined is left 3 s later", async () => {
  const { broker, clock, listen } = setUp();
  listen(user);
  await clock.advance(100);
  listen().stop();
  await clock.advance(3_100);
  const log = [...broker.log];
  expect(log.filter((entry) => entry.includes("article"))).toEqual([
    "+private-article.a1.e0",
    "-private-article.a1.e0",
  ]);
});

test("S3.22 after a reconnect the client asks from its cursor and replays what it missed", async () => {
  const { broker, client, clock, route, statuses, listen } = setUp();
  const { heard } = listen();
  await clock.advance(100);
  broker.stop();
  await clock.advance(0);
  expect(client.getState()).toMatchObject({ status: "degraded", cause: "connection" });
  route.append(article.name, made("missed"));
  await clock.advance(3_000);
  broker.start();
  await clock.advance(3_000);
  expect(heard).toEqual(["gap", "missed"]);
  expect(statuses).toEqual([
    "connecting",
    "catching-up",
    "live",
    "degraded",
    "catching-up",
    "live",
  ]);
});

test("S3.22 when the log is another one, the answer is a gap", async () => {
  const { broker, clock, route, listen } = setUp();
  const { heard } = listen();
  await clock.advance(100);
  broker.stop();
  route.forget();
  broker.start();
  await clock.advance(1_000);
  expect(heard).toEqual(["gap", "gap"]);
});

test("a cursor outlives its subscription", async () => {
  const { clock, route, listen } = setUp();
  listen().stop();
  await clock.advance(4_000);
  listen();
  await clock.advance(4_000);
  expect(route.of("catch-up").map(({ channels: [first] }) => first?.cursor)).toEqual([null, "0/0"]);
});

test("reconnecting waits with full jitter, 0.5 s to 4 s, so that all are back soon after the broker", async () => {
  const { broker, clock, listen } = setUp();
  listen();
  await clock.advance(100);
  broker.stop();
  const waits: number[] = [];
  for (let known = broker.attempts(); waits.length < 8; ) {
    const sinceMs = clock.now();
    while (broker.attempts() === known) await clock.advance(250);
    known = broker.attempts();
    waits.push(clock.now() - sinceMs);
  }
  expect(waits).toEqual([250, 500, 1_000, 2_000, 2_000, 2_000, 2_000, 2_000]);
});

test("K10 the server widens the windows: connecting, joining and catching up are spread apart, the first visit waits for nothing", async () => {
  const { broker, client, clock, route, listen } = setUp();
  route.spread(8_000);
  listen();
  await clock.advance(100);
  expect(client.getState().status).toBe("live");
  broker.cut();
  const sinceMs = clock.now();
  const at: Record<string, number> = {};
  const counts = () => ({
    connect: broker.attempts(),
    join: route.of("join").length,
    "catch-up": route.of("catch-up").length,
  });
  const before = counts();
  while (client.getState().status !== "live") {
    await clock.advance(5);
    for (const [step, count] of Object.entries(counts())) {
      if (count > before[step as keyof typeof before]) at[step] ??= clock.now() - sinceMs;
    }
  }
  // The middle of 8 s, then of a quarter of it, twice.
  expect(at).toEqual({
    connect: expect.toSatisfy((ms) => ms >= 4_000 && ms <= 4_100),
    join: expect.toSatisfy((ms) => ms >= 5_000 && ms <= 5_100),
    "catch-up": expect.toSatisfy((ms) => ms >= 6_000 && ms <= 6_200),
  });
  listen(user);
  await clock.advance(100);
  expect(client.getState().status).toBe("live");
});

test.each(["join", "catch-up", "moved", "hole"] as const)(
  "K10 the window of a %s is never narrower than the server says",
  async (step) => {
    const { broker, clock, environment, route, listen } = setUp();
    route.spread(20_000);
    listen();
    await clock.advance(100);
    const type = step === "moved" || step === "join" ? "join" : "catch-up";
    const asked = route.of(type).length;
    if (step === "join") {
      route.failChannel(user.name, 1);
      listen(user);
    } else if (step === "catch-up") {
      route.failChannel(article.name, 1);
      environment.set({ visible: false });
      await clock.advance(10_000);
      environment.set({ visible: true });
    } else if (step === "moved") {
      broker.send(moved(0), "querycast.moved", "{}");
    } else {
      broker.publish(moved(0), { ...made("s2"), after: "s1" });
    }
    const answered = step === "join" || step === "catch-up" ? 1 : 0;
    await clock.advance(9_000);
    expect(route.of(type)).toHaveLength(asked + answered);
    await clock.advance(1_500);
    expect(route.of(type)).toHaveLength(asked + answered + 1);
  },
);

test.each([
  ["nothing", undefined, 0],
  ["text", "5000", 0],
  ["less than nothing", -1, 0],
  ["no number", Number.NaN, 0],
  ["for ever", 1e12, 30_000],
])("K10 a server that asks for %s is believed within bounds", async (_what, spread, believed) => {
  const { broker, client, clock, route, listen } = setUp({ random: () => 0.999 });
  route.spread(spread as number);
  listen();
  await clock.advance(2_000);
  expect(client.spreadMs(article.name)).toBe(believed);
  expect(client.spreadMs("article.unknown")).toBe(0);
  broker.cut();
  await clock.advance(believed + 500 + (believed / 4) * 2 + 1_500);
  expect(client.getState().status).toBe("live");
});

test("a connection that is never acknowledged is given up after 10 s and tried again", async () => {
  const { broker, client, clock, listen } = setUp();
  broker.setMute(true);
  listen();
  await clock.advance(10_000);
  expect(client.getState()).toMatchObject({ status: "degraded", cause: "connection" });
  broker.setMute(false);
  await clock.advance(500);
  expect(client.getState().status).toBe("live");
  expect(broker.sockets.size).toBe(1);
});

test("a subscription that is never acknowledged is joined again", async () => {
  const { broker, client, clock, route, listen } = setUp();
  listen(user);
  await clock.advance(100);
  broker.setMute(true);
  listen();
  await clock.advance(10_100);
  expect(client.getState()).toMatchObject({ status: "degraded", cause: "channels" });
  broker.setMute(false);
  await clock.advance(1_000);
  expect(client.getState().status).toBe("live");
  expect(route.of("join")).toHaveLength(3);
});

test("a refused subscription is joined again, under the name the channel has by then", async () => {
  const { broker, client, clock, route, listen } = setUp();
  broker.reject("private-article.a1.e0");
  listen();
  await clock.advance(20);
  route.raiseEpoch(article.name);
  await clock.advance(1_000);
  expect(broker.log).toEqual([
    "+private-article.a1.e0",
    "-private-article.a1.e0",
    "+private-article.a1.e1",
  ]);
  expect(client.getState().status).toBe("live");
});

test("denied is final and reported, and harms no other channel of the request", async () => {
  const { client, clock, route, reports, listen } = setUp();
  route.deny(article.name);
  listen();
  const { heard } = listen(user);
  await clock.advance(120_000);
  expect(reports).toEqual([{ type: "denied", channel: article.name }]);
  expect(route.of("join")).toHaveLength(1);
  expect(heard).toEqual(["gap"]);
  expect(client.getState().status).toBe("live");
});

test("access lost in between is noticed by the catch-up: the channel is left", async () => {
  const { broker, clock, environment, route, reports, listen } = setUp();
  listen();
  await clock.advance(100);
  route.deny(article.name);
  environment.set({ visible: false });
  await clock.advance(10_000);
  environment.set({ visible: true });
  await clock.advance(100);
  expect(broker.log.at(-1)).toBe("-private-article.a1.e0");
  expect(reports).toEqual([{ type: "denied", channel: article.name }]);
});

test("V2 a channel that moved is joined under its new name and caught up, without a hole", async () => {
  const { broker, client, clock, route, reports, listen } = setUp();
  const { heard } = listen();
  await clock.advance(100);
  route.raiseEpoch(article.name);
  route.append(article.name, made("between"));
  broker.send(moved(0), "querycast.moved", "{}");
  await clock.advance(1_000);
  broker.publish(moved(1), made("after"));
  expect(heard).toEqual(["gap", "between", "after"]);
  expect(broker.log).toEqual([`+${moved(0)}`, `-${moved(0)}`, `+${moved(1)}`]);
  expect([reports, client.getState().status]).toEqual([[], "live"]);
});

test("V2 who missed that a channel moved is told by the next catch-up", async () => {
  const { broker, client, clock, environment, route, listen } = setUp();
  listen();
  await clock.advance(100);
  route.raiseEpoch(article.name);
  environment.set({ visible: false });
  await clock.advance(10_000);
  environment.set({ visible: true });
  await clock.advance(1_000);
  expect(broker.log.at(-1)).toBe(`+${moved(1)}`);
  expect(client.getState().status).toBe("live");
});

test("V2 a channel that moves while it waits for its next try is joined anew, and once", async () => {
  const { broker, client, clock, environment, route, listen } = setUp();
  listen();
  await clock.advance(100);
  environment.set({ visible: false });
  await clock.advance(10_000);
  route.failWith({ status: 503 });
  environment.set({ visible: true });
  await clock.advance(100);
  expect(client.getState()).toMatchObject({ status: "degraded", cause: "channels" });
  route.raiseEpoch(article.name);
  broker.send(moved(0), "querycast.moved", "{}");
  route.failWith(undefined);
  await clock.advance(10_000);
  expect(broker.log).toEqual([`+${moved(0)}`, `-${moved(0)}`, `+${moved(1)}`]);
  expect(client.getState().status).toBe("live");
});

test("V3 who may no longer read leaves, and is told to forget what was read", async () => {
  const { broker, client, clock, route, reports, listen } = setUp();
  const forgotten: string[] = [];
  client.observe({
    signal: () => {},
    gap: () => {},
    revoked: (name) => forgotten.push(name),
  });
  const { heard } = listen();
  const other = listen(user);
  await clock.advance(100);
  route.raiseEpoch(article.name);
  route.deny(article.name);
  broker.send(moved(0), "querycast.moved", "{}");
  await clock.advance(60_000);
  expect(forgotten).toEqual([article.name]);
  expect(heard).toEqual(["gap", "gap"]);
  expect(other.heard).toEqual(["gap"]);
  expect(reports).toEqual([{ type: "denied", channel: article.name }]);
  expect(broker.log.filter((entry) => entry.startsWith("+private-article"))).toHaveLength(1);
});

test("unavailable is retried with jitter until it works; others are live meanwhile", async () => {
  const { client, clock, route, listen } = setUp();
  route.failChannel(article.name, 3);
  const one = listen();
  const two = listen(user);
  await clock.advance(100);
  expect(client.getState()).toMatchObject({ status: "degraded", cause: "channels" });
  expect([one.heard, two.heard]).toEqual([[], ["gap"]]);
  await clock.advance(500 + 1_000 + 2_000 + 200);
  expect(one.heard).toEqual(["gap"]);
  expect(client.getState().status).toBe("live");
});

test("401 stops everything and is reported once", async () => {
  const { broker, client, clock, route, reports, listen } = setUp();
  route.failWith({ status: 401 });
  const { stop } = listen();
  await clock.advance(300_000);
  expect(route.of("join")).toHaveLength(1);
  expect(broker.sockets.size).toBe(0);
  expect(reports).toEqual([{ type: "signed-out" }]);
  expect(client.getState()).toMatchObject({ status: "offline", reason: "signed-out" });
  stop();
  await clock.advance(3_000);
  expect(clock.pending()).toBe(0);
});

test("403 for the whole request is final", async () => {
  const { clock, route, reports, listen } = setUp();
  route.failWith({ status: 403 });
  listen();
  await clock.advance(300_000);
  expect(route.of("join")).toHaveLength(1);
  expect(reports).toEqual([{ type: "denied", channel: article.name }]);
});

test("429 is not asked again before Retry-After", async () => {
  const { clock, route, listen } = setUp();
  route.failWith({ status: 429, headers: { "retry-after": "60" } });
  listen();
  await clock.advance(60_000);
  expect(route.of("join")).toHaveLength(1);
  route.failWith(undefined);
  await clock.advance(1_000);
  expect(route.of("join")).toHaveLength(2);
});

test("429 on the catch-up is waited for by the catch-up alone: the channel stays joined, others are joined meanwhile", async () => {
  const { broker, client, clock, environment, route, listen } = setUp();
  listen();
  await clock.advance(100);
  const later = (ms: number) => clock.advance(ms);
  environment.set({ visible: false });
  await later(10_000);
  route.failWith({ status: 429, headers: { "retry-after": "60" } });
  environment.set({ visible: true });
  await later(100);
  expect(route.of("catch-up")).toHaveLength(2);
  route.failWith(undefined);
  listen(user);
  await later(59_000);
  expect(route.of("join").map(({ channels: names }) => names)).toEqual([
    [article.name],
    [user.name],
  ]);
  expect(
    route.of("catch-up").flatMap((request) => request.channels.map((it) => it.channel)),
  ).toEqual([article.name, article.name, user.name]);
  expect(client.getState()).toMatchObject({ status: "degraded", cause: "channels" });
  await later(2_000);
  expect(route.of("catch-up")).toHaveLength(4);
  expect(client.getState().status).toBe("live");
  expect(broker.log).toEqual([`+${moved(0)}`, "+private-user.u1.e0"]);
});

test("429 with a date is waited for until then, and one that asks for a day for five minutes", async () => {
  const { clock, route, listen } = setUp();
  const inAMinute = new Date(clock.now() + 60_000).toUTCString();
  route.failWith({ status: 429, headers: { "retry-after": inAMinute } });
  listen();
  await clock.advance(59_000);
  expect(route.of("join")).toHaveLength(1);
  route.failWith({ status: 429, headers: { "retry-after": "86400" } });
  await clock.advance(3_000);
  expect(route.of("join")).toHaveLength(2);
  route.failWith(undefined);
  await clock.advance(299_000);
  expect(route.of("join")).toHaveLength(2);
  await clock.advance(5_000);
  expect(route.of("join")).toHaveLength(3);
});

test("a server that cannot be reached is asked again, ever more seldom", async () => {
  const { client, clock, route, listen } = setUp();
  route.failWith("network");
  listen();
  await clock.advance(60_000);
  expect(route.of("join").length).toBeLessThan(9);
  route.failWith(undefined);
  await clock.advance(30_000);
  expect(client.getState().status).toBe("live");
});

test("sign-in follows the connection, and its failure is not fatal", async () => {
  const { broker, client, clock, listen } = setUp();
  listen();
  await clock.advance(100);
  expect([...broker.sockets].map((socket) => socket.isSignedIn)).toEqual([true]);
  expect(client.getState().status).toBe("live");
});

test("without network nothing is tried; when it is back, at once", async () => {
  const { broker, client, clock, environment, listen } = setUp();
  listen();
  await clock.advance(100);
  environment.set({ online: false });
  expect(client.getState()).toMatchObject({ status: "offline", reason: "no-network" });
  expect(broker.sockets.size).toBe(0);
  await clock.advance(3_600_000);
  expect(broker.attempts()).toBe(1);
  environment.set({ online: true });
  await clock.advance(100);
  expect(client.getState().status).toBe("live");
});

test("a tab that is looked at again does not sit out a long wait", async () => {
  const { broker, client, clock, environment, listen } = setUp();
  listen();
  await clock.advance(100);
  broker.stop();
  await clock.advance(120_000);
  broker.start();
  environment.set({ visible: false });
  environment.set({ visible: true });
  await clock.advance(500);
  expect(client.getState().status).toBe("live");
});

test("a page that was hidden for 10 s asks what it slept through; a glance aside asks nothing", async () => {
  const { clock, environment, route, listen } = setUp();
  const { heard } = listen();
  await clock.advance(100);
  route.append(article.name, made("slept"));
  environment.set({ visible: false });
  await clock.advance(9_000);
  environment.set({ visible: true });
  await clock.advance(100);
  expect(route.of("catch-up")).toHaveLength(1);
  environment.set({ visible: false });
  await clock.advance(10_000);
  environment.set({ visible: true });
  await clock.advance(100);
  expect(heard).toEqual(["gap", "slept"]);
});

/** Everything that may come after a sleep. */
const awakenings = [
  "after 10 s in the background",
  "out of the cache",
  "a jump of the clock",
] as const;

async function wake(
  how: (typeof awakenings)[number],
  { clock, environment }: ReturnType<typeof setUp>,
) {
  if (how === "out of the cache") return environment.resume();
  if (how === "a jump of the clock") {
    clock.sleep(60_000);
    return clock.advance(10_000);
  }
  environment.set({ visible: false });
  await clock.advance(10_000);
  environment.set({ visible: true });
}

test.each(awakenings)(
  "K11 a page that wakes up (%s) asks what it slept through, on the socket that answers",
  async (how) => {
    const bench = setUp();
    const { broker, client, clock, route, listen } = bench;
    const { heard } = listen();
    await clock.advance(100);
    route.append(article.name, made("slept"));
    await wake(how, bench);
    await clock.advance(5_000);
    expect(heard).toEqual(["gap", "slept"]);
    expect([broker.attempts(), client.getState().status]).toEqual([1, "live"]);
  },
);

test.each(awakenings)(
  "K11 a page that wakes up (%s) beside a dead socket knows at once what it slept through, and has another within 3 s",
  async (how) => {
    const bench = setUp();
    const { broker, client, clock, route, reports, listen } = bench;
    const { heard } = listen();
    await clock.advance(100);
    broker.halfOpen();
    route.append(article.name, made("slept"));
    await wake(how, bench);
    await clock.advance(100);
    expect(heard).toEqual(["gap", "slept"]);
    await clock.advance(2_950);
    expect(client.getState().status).toBe("live");
    expect(broker.attempts()).toBe(2);
    expect(reports).toEqual([
      { type: "connection-lost", message: "The broker does not answer within 3 s." },
    ]);
    broker.publish(moved(0), made("s2"));
    expect(heard).toEqual(["gap", "slept", "s2"]);
  },
);

test("K11 a glance aside, or a timer that is a little late, asks nobody anything", async () => {
  const { clock, environment, pings, route, listen } = setUp();
  listen();
  await clock.advance(100);
  const asked = pings();
  environment.set({ visible: false });
  await clock.advance(9_000);
  environment.set({ visible: true });
  clock.sleep(9_000);
  await clock.advance(30_000);
  expect([pings(), route.of("catch-up").length]).toEqual([asked, 1]);
});

test("K11 a page that is not looked at sleeps in peace", async () => {
  const { clock, environment, pings, route, listen } = setUp();
  listen();
  await clock.advance(100);
  environment.set({ visible: false });
  const asked = pings();
  for (let minute = 0; minute < 10; minute += 1) {
    clock.sleep(60_000);
    await clock.advance(1_000);
  }
  expect([pings(), route.of("catch-up").length]).toEqual([asked, 1]);
});

test("a throwing listener harms nobody else", async () => {
  const { clock, client, reports, listen } = setUp();
  client.subscribe(article, {
    signal: () => {},
    gap: () => {
      throw new Error("mine");
    },
  });
  const { heard } = listen();
  await clock.advance(100);
  expect(heard).toEqual(["gap"]);
  expect(reports).toEqual([{ type: "listener-failed", error: new Error("mine") }]);
});

test.each([0, 10, 16, 60, 5_000])(
  "close leaves no timer and no socket, also after %i ms",
  async (ms) => {
    const { broker, client, clock, environment, listen } = setUp();
    listen();
    const { stop } = listen(user);
    await clock.advance(ms);
    if (ms === 5_000) broker.stop();
    stop();
    client.close();
    client.close();
    await clock.advance(0);
    listen();
    await clock.advance(0);
    expect(clock.pending()).toBe(0);
    expect(broker.sockets.size).toBe(0);
    expect(environment.listeners()).toBe(0);
    expect(client.getState()).toMatchObject({ status: "offline", reason: "closed" });
  },
);
