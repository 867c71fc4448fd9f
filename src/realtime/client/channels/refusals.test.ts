import { expect, test } from "vitest";
import { article, inEpoch, made, setUp, user } from "../../../../tests/support/rigs/client-rig.ts";

test("denied is final and reported, and does not affect other channels of the request", async () => {
  const { client, clock, route, reports, listen } = setUp();
  route.deny(article.name);
  listen();
  const { received } = listen(user);
  await clock.advance(120_000);
  expect(reports).toEqual([{ type: "denied", channel: article.name }]);
  expect(route.of("join")).toHaveLength(1);
  expect(received).toEqual(["gap"]);
  expect(client.getState().status).toBe("live");
});

test("K4 an invalid channel is off, reported once, asked again once a minute and not revoked, and does not affect other channels of the request", async () => {
  const { client, clock, route, reports, listen } = setUp();
  const revoked: string[] = [];
  client.observe({ signal: () => {}, gap: () => {}, revoked: (name) => revoked.push(name) });
  route.disown(article.name);
  listen();
  const { received } = listen(user);
  await clock.advance(300_000);
  const joins = route.of("join").filter(({ channels }) => channels.includes(article.name));
  expect(joins.length).toBeGreaterThanOrEqual(5);
  expect(joins.length).toBeLessThanOrEqual(7);
  expect(reports).toEqual([{ type: "invalid", channel: article.name }]);
  expect(received).toEqual(["gap"]);
  expect(client.channelState(article.name)).toEqual({ status: "off" });
  expect(client.getState().status).toBe("live");
  expect(revoked).toEqual([]);
});

test("unavailable is retried with jitter until it works, while other channels are live", async () => {
  const { client, clock, route, listen } = setUp();
  route.failChannel(article.name, 3);
  const one = listen();
  const two = listen(user);
  await clock.advance(100);
  expect(client.getState()).toMatchObject({ status: "degraded", cause: "channels" });
  expect([one.received, two.received]).toEqual([[], ["gap"]]);
  await clock.advance(500 + 1_000 + 2_000 + 200);
  expect(one.received).toEqual(["gap"]);
  expect(client.getState().status).toBe("live");
});

test("401 stops the client and is reported once", async () => {
  const { broker, client, clock, route, reports, listen } = setUp();
  route.failWith({ status: 401, code: "unauthenticated" });
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

test("K5 a signed-out client sends nothing when one of its channels is released", async () => {
  const { clock, route, reports, listen } = setUp();
  const { stop } = listen();
  listen(user);
  await clock.advance(3_000);
  route.failWith({ status: 401, code: "unauthenticated" });
  await clock.advance(80_000);
  expect(reports).toEqual([{ type: "signed-out" }]);
  const before = route.requests.length;
  stop();
  await clock.advance(300_000);
  expect(route.requests.length).toBe(before);
  expect(reports).toEqual([{ type: "signed-out" }]);
});

const foreignAnswers = [
  { status: 200 },
  { status: 302 },
  { status: 401 },
  { status: 403 },
  { status: 403, code: "forbidden_origin" },
  { status: 404 },
  { status: 407 },
  { status: 429 },
  { status: 500 },
  { status: 503, code: "unavailable" },
  "network",
] as const;

test.each(foreignAnswers)(
  "K12 a response that is not of the protocol (%j) purges nothing, and is retried until the route answers",
  async (failure) => {
    for (const when of ["join", "catch-up"] as const) {
      const { client, clock, environment, route, reports, listen, statuses } = setUp();
      const purged: string[] = [];
      client.observe({ signal: () => {}, gap: () => {}, revoked: (name) => purged.push(name) });
      if (when === "join") route.failWith(failure);
      const { received } = listen();
      if (when === "catch-up") {
        await clock.advance(3_000);
        route.failWith(failure);
        environment.resume();
      }
      await clock.advance(60_000);
      expect(client.getState()).toMatchObject({ status: "degraded" });
      expect(client.channelState(article.name)).toMatchObject({ status: "unavailable" });
      expect(statuses.slice(statuses.indexOf("degraded"))).not.toContain("live");
      route.failWith(undefined);
      route.append(article.name, made("s1"));
      await clock.advance(60_000);
      expect(client.channelState(article.name).status).toBe("live");
      expect(received.at(-1)).toBe(when === "join" ? "gap" : "s1");
      expect(purged).toEqual([]);
      expect(reports.filter(({ type }) => type === "denied" || type === "signed-out")).toEqual([]);
      client.close();
    }
  },
);

test("K12 a request that is refused as a whole is reported once, with the code of the protocol if it has one", async () => {
  const { clock, route, reports, listen } = setUp();
  route.failWith({ status: 403, code: "forbidden_origin" });
  listen();
  await clock.advance(60_000);
  route.failWith({ status: 403 });
  await clock.advance(60_000);
  expect(route.of("join").length).toBeGreaterThan(4);
  expect(reports).toEqual([
    { type: "refused", code: "forbidden_origin", httpStatus: 403 },
    { type: "refused", code: undefined, httpStatus: 403 },
    { type: "route-silent" },
  ]);
});

test("after 429 no request is sent before Retry-After", async () => {
  const { clock, route, listen } = setUp();
  route.failWith({ status: 429, headers: { "retry-after": "60" } });
  listen();
  await clock.advance(60_000);
  expect(route.of("join")).toHaveLength(1);
  route.failWith(undefined);
  await clock.advance(1_000);
  expect(route.of("join")).toHaveLength(2);
});

test("429 on a catch-up delays only the catch-up: the channel stays joined, and others are joined", async () => {
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
  expect(broker.log).toEqual([`+${inEpoch(0)}`, "+private-user.u1.e0"]);
});

test("Retry-After may be a date, and is limited to five minutes", async () => {
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

test("an unreachable server is retried with growing back-off", async () => {
  const { client, clock, route, listen } = setUp();
  route.failWith("network");
  listen();
  await clock.advance(60_000);
  expect(route.of("join").length).toBeLessThan(9);
  route.failWith(undefined);
  await clock.advance(30_000);
  expect(client.getState().status).toBe("live");
});
