import { expect, test } from "vitest";
import { article, made, setUp } from "../../../../tests/support/rigs/client-rig.ts";

test("a signal that arrives between acknowledgement and catch-up is applied, and once", async () => {
  const { broker, clock, route, listen } = setUp();
  const { received, stop } = listen();
  await clock.advance(100);
  stop();
  await clock.advance(3_000);
  const again = listen();
  route.append(article.name, made("s1"));
  await clock.advance(15);
  broker.publish(route.wireName(article.name), made("s1"));
  await clock.advance(100);
  expect(route.of("catch-up").at(-1)?.channels[0]?.cursor).toBe("0/0");
  expect(received).toEqual(["gap"]);
  expect(again.received).toEqual(["s1"]);
});

test("a signal that arrives twice is delivered once", async () => {
  const { broker, clock, route, listen } = setUp();
  const { received } = listen();
  await clock.advance(100);
  const wireName = route.wireName(article.name);
  broker.publish(wireName, made("s1"));
  broker.publish(wireName, made("s1"));
  broker.publish(wireName, made("s2"));
  expect(received).toEqual(["gap", "s1", "s2"]);
});

test("S3.24 a forged or malformed signal means only that the channel may have changed", async () => {
  const { broker, clock, route, listen, reports } = setUp();
  const { received } = listen();
  await clock.advance(100);
  const wireName = route.wireName(article.name);
  for (const data of ["{", null, 7, [], '{"v":1,"ids":"all"}', { v: 9 }, { __proto__: { v: 1 } }]) {
    broker.send(wireName, "comment.created", data);
  }
  broker.send(wireName, "price.changed", "{}");
  broker.send("private-article.other.e0", "comment.created", "{}");
  expect(received).toEqual(["gap", "", "", "", "", "", "", "", "unknown price.changed"]);
  expect(reports).toEqual([]);
});

test("S3.22 after a reconnect the client catches up from its cursor", async () => {
  const { broker, client, clock, route, statuses, listen } = setUp();
  const { received } = listen();
  await clock.advance(100);
  broker.stop();
  await clock.advance(0);
  expect(client.getState()).toMatchObject({ status: "degraded", cause: "connection" });
  route.append(article.name, made("missed"));
  await clock.advance(3_000);
  broker.start();
  await clock.advance(3_000);
  expect(received).toEqual(["gap", "missed"]);
  expect(statuses).toEqual(["connecting", "catching-up", "live", "degraded", "degraded", "live"]);
});

test("S3.22 a cursor of another log is answered with a gap", async () => {
  const { broker, clock, route, listen } = setUp();
  const { received } = listen();
  await clock.advance(100);
  broker.stop();
  route.forget();
  broker.start();
  await clock.advance(1_000);
  expect(received).toEqual(["gap", "gap"]);
});

test("a cursor is kept after its subscription has ended", async () => {
  const { clock, route, listen } = setUp();
  listen().stop();
  await clock.advance(4_000);
  listen();
  await clock.advance(4_000);
  expect(route.of("catch-up").map(({ channels: [first] }) => first?.cursor)).toEqual([null, "0/0"]);
});

test("a listener that throws is reported, and the others are called", async () => {
  const { clock, client, reports, listen } = setUp();
  client.subscribe(article, {
    signal: () => {},
    gap: () => {
      throw new Error("mine");
    },
  });
  const { received } = listen();
  await clock.advance(100);
  expect(received).toEqual(["gap"]);
  expect(reports).toEqual([{ type: "listener-failed", error: new Error("mine") }]);
});
