import { expect, test } from "vitest";
import { article, inEpoch, made, setUp, user } from "../../../../tests/support/rigs/client-rig.ts";

test("the client reconnects with full jitter over 0.5 s to 4 s", async () => {
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

test("K10 the server's spread applies to connect, join and catch-up after a loss, and not to the first connection", async () => {
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
  // Half of 8 s, then twice half of a quarter of it.
  expect(at).toEqual({
    connect: expect.toSatisfy((ms) => ms >= 4_000 && ms <= 4_100),
    join: expect.toSatisfy((ms) => ms >= 5_000 && ms <= 5_100),
    "catch-up": expect.toSatisfy((ms) => ms >= 6_000 && ms <= 6_200),
  });
  listen(user);
  await clock.advance(100);
  expect(client.getState().status).toBe("live");
});

test.each(["join", "catch-up", "change of the epoch", "lost frame"] as const)(
  "K10 the window of a %s is at least the server's spread",
  async (step) => {
    const { broker, clock, environment, route, listen } = setUp();
    route.spread(20_000);
    listen();
    await clock.advance(100);
    const type = step === "change of the epoch" || step === "join" ? "join" : "catch-up";
    const asked = route.of(type).length;
    if (step === "join") {
      route.failChannel(user.name, 1);
      listen(user);
    } else if (step === "catch-up") {
      route.failChannel(article.name, 1);
      environment.set({ visible: false });
      await clock.advance(10_000);
      environment.set({ visible: true });
    } else if (step === "change of the epoch") {
      broker.send(inEpoch(0), "querycast.moved", "{}");
    } else {
      broker.publish(inEpoch(0), { ...made("s2"), after: "s1" });
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
  ["a negative number", -1, 0],
  ["NaN", Number.NaN, 0],
  ["too long a time", 1e12, 30_000],
])("K10 a spread of the server is clamped: %s", async (_what, spread, believed) => {
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

test("a connection that is not acknowledged within 10 s is closed and retried", async () => {
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

test("K16 a broker that drops sockets after their handshake is tried with growing back-off, and the page is not live in between", async () => {
  const { broker, client, clock, reports, route, statuses, listen } = setUp({
    random: () => 0.999,
    transport: (fake) => ({
      ...fake,
      connect: (handlers) => {
        const connection = fake.connect(handlers);
        return {
          ...connection,
          signIn: () => {
            connection.close();
            handlers.disconnected({ reason: "lost", message: "Connection not authorized." });
          },
        };
      },
    }),
  });
  listen();
  await clock.advance(60_000);
  expect(broker.attempts()).toBeLessThanOrEqual(8);
  const [sockets, requests] = [broker.attempts(), route.requests.length];
  await clock.advance(10 * 60_000);
  expect(broker.attempts() - sockets).toBeLessThanOrEqual(11);
  expect(route.requests.length - requests).toBeLessThanOrEqual(33);
  expect(client.getState().status).toBe("degraded");
  expect(statuses.slice(statuses.indexOf("degraded"))).toEqual(
    statuses.slice(statuses.indexOf("degraded")).map(() => "degraded"),
  );
  expect(reports.map(({ type }) => type)).toEqual(["connection-lost"]);
});
