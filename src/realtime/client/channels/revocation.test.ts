import { expect, test } from "vitest";
import { article, inEpoch, made, setUp, user } from "../../../../tests/support/rigs/client-rig.ts";

test("a channel whose catch-up is denied is left", async () => {
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

test("V2 a channel with a new wire name is joined under it and caught up, without a missed signal", async () => {
  const { broker, client, clock, route, reports, listen } = setUp();
  const { received } = listen();
  await clock.advance(100);
  route.raiseEpoch(article.name);
  route.append(article.name, made("between"));
  broker.send(inEpoch(0), "querycast.moved", "{}");
  await clock.advance(1_000);
  broker.publish(inEpoch(1), made("after"));
  expect(received).toEqual(["gap", "between", "after"]);
  expect(broker.log).toEqual([`+${inEpoch(0)}`, `-${inEpoch(0)}`, `+${inEpoch(1)}`]);
  expect([reports, client.getState().status]).toEqual([[], "live"]);
});

test("V2 a client that missed the change of a wire name learns of it with the next catch-up", async () => {
  const { broker, client, clock, environment, route, listen } = setUp();
  listen();
  await clock.advance(100);
  route.raiseEpoch(article.name);
  environment.set({ visible: false });
  await clock.advance(10_000);
  environment.set({ visible: true });
  await clock.advance(1_000);
  expect(broker.log.at(-1)).toBe(`+${inEpoch(1)}`);
  expect(client.getState().status).toBe("live");
});

test("V2 a channel whose wire name changes while it waits for a retry is joined again once", async () => {
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
  broker.send(inEpoch(0), "querycast.moved", "{}");
  route.failWith(undefined);
  await clock.advance(10_000);
  expect(broker.log).toEqual([`+${inEpoch(0)}`, `-${inEpoch(0)}`, `+${inEpoch(1)}`]);
  expect(client.getState().status).toBe("live");
});

test("V3 a client whose viewer may no longer read leaves the channel, and observers get revoked", async () => {
  const { broker, client, clock, route, reports, listen } = setUp();
  const forgotten: string[] = [];
  client.observe({
    signal: () => {},
    gap: () => {},
    revoked: (name) => forgotten.push(name),
  });
  const { received } = listen();
  const other = listen(user);
  await clock.advance(100);
  route.raiseEpoch(article.name);
  route.deny(article.name);
  broker.send(inEpoch(0), "querycast.moved", "{}");
  await clock.advance(60_000);
  expect(forgotten).toEqual([article.name]);
  expect(received).toEqual(["gap", "gap"]);
  expect(other.received).toEqual(["gap"]);
  expect(reports).toEqual([{ type: "denied", channel: article.name }]);
  expect(broker.log.filter((entry) => entry.startsWith("+private-article"))).toHaveLength(1);
});
