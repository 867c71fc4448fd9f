import { expect, test } from "vitest";
import { article, channels, made, setUp, user } from "../../../../tests/support/rigs/client-rig.ts";

test("S3.20 without a transport no socket is opened, no request is sent and nothing is reported", async () => {
  const { client, clock, listen, route, reports } = setUp({ transport: () => undefined });
  const { received, stop } = listen();
  await clock.advance(60_000);
  expect(client.getState()).toEqual({
    status: "offline",
    reason: "no-transport",
    lastCaughtUpAt: undefined,
  });
  stop();
  expect({ received, reports, requests: route.requests, pending: clock.pending() }).toEqual({
    received: [],
    reports: [],
    requests: [],
    pending: 0,
  });
});

test("no socket is opened before the first subscription", async () => {
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
  expect([one.received, two.received]).toEqual([["gap"], ["gap"]]);
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

test("a channel is joined once for all its subscriptions and left 3 s after the last", async () => {
  const { broker, client, clock, listen, subscribers } = setUp();
  const one = listen();
  const two = listen();
  await clock.advance(100);
  one.stop();
  one.stop();
  await clock.advance(10_000);
  expect(subscribers("private-article.a1.e0")).toBe(1);
  two.stop();
  await clock.advance(2_999);
  expect(subscribers("private-article.a1.e0")).toBe(1);
  await clock.advance(1);
  expect(broker.log).toEqual(["+private-article.a1.e0", "-private-article.a1.e0"]);
  expect(broker.sockets.size).toBe(0);
  expect(client.getState()).toMatchObject({ status: "offline", reason: "idle" });
  expect(clock.pending()).toBe(0);
});

test("unsubscribing and subscribing again within 3 s keeps the broker subscription", async () => {
  const { broker, clock, listen } = setUp();
  listen().stop();
  const { received } = listen();
  await clock.advance(100);
  for (let round = 0; round < 5; round += 1) {
    listen().stop();
    await clock.advance(2_000);
  }
  expect(broker.log).toEqual(["+private-article.a1.e0"]);
  expect(received).toEqual(["gap"]);
});

test("a channel whose last subscription ends while it is being joined is left 3 s later", async () => {
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

test("a refused subscription is joined again, under the channel's current wire name", async () => {
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

test("the client signs in after it has connected", async () => {
  const { broker, clock, listen } = setUp();
  listen();
  await clock.advance(100);
  expect([...broker.sockets].map((socket) => socket.isSignedIn)).toEqual([true]);
});

test.each(["network", { status: 500 }, { status: 403 }] as const)(
  "after a failed sign-in (%j) the page is live and receives signals",
  async (failure) => {
    const { broker, client, clock, reports, route, listen } = setUp();
    route.failWith(failure);
    const { received } = listen();
    await clock.advance(10);
    expect(route.requests.map(({ type }) => type)).toEqual(["sign-in"]);
    route.failWith(undefined); // before the join is sent
    await clock.advance(100);
    broker.publish("private-article.a1.e0", made("s1"));
    expect([client.getState().status, received]).toEqual(["live", ["gap", "s1"]]);
    const isRefusal = failure !== "network" && failure.status === 403;
    expect(reports.map(({ type }) => type)).toEqual(isRefusal ? ["refused"] : []);
    expect([...broker.sockets].map((socket) => socket.isSignedIn)).toEqual([false]);
  },
);

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
