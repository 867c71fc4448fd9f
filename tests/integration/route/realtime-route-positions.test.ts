import { signal } from "querycast";
import { createPublisher, createSignalLog } from "querycast/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { port } from "../../support/database/log-database.ts";
import { article, channels, createRouteRig, type RouteRig } from "../../support/rigs/route-rig.ts";

let rig: RouteRig;
beforeAll(async () => {
  rig = await createRouteRig();
});
afterAll(() => rig.close());

const bob = channels.user({ userId: "bob" });
const log = () => createSignalLog({ sql: port(rig.database.reader) });
const publish = () =>
  rig.database.writer.begin((tx) =>
    createPublisher({ channels, log: log() }).publish(
      signal(bob, "notification.created", { notificationId: "n1" }),
      { tx: port(tx) },
    ),
  );
const revoke = (channel: typeof bob) =>
  rig.database.writer.begin((tx) => log().bumpAccessEpoch(port(tx), channel));
const cursorOf = async (channel: string, cookie = "session=bob"): Promise<string> => {
  const [answer] = await rig.ask({ [channel]: null }, cookie);
  return answer !== undefined && "cursor" in answer ? answer.cursor : "";
};
type Position = { channel: string; cursor: string | null; last?: unknown };
const ask = (positions: readonly Position[], cookie = "session=bob", handler = rig.route) =>
  rig.send(
    { body: { v: 1, type: "positions", channels: positions }, headers: { cookie } },
    handler,
  );

test("K15 one request for positions returns the channels behind and the enabled kinds, and no signals", async () => {
  const cursor = await cursorOf(bob.name);
  const before = await ask([{ channel: bob.name, cursor }]);
  expect(before.status).toBe(200);
  expect(before.body).toMatchObject({ v: 1, behind: [], kinds: ["user", "article", "broken"] });
  await publish();
  const after = await ask([{ channel: bob.name, cursor }]);
  expect(after.body.behind).toEqual([bob.name]);
  expect(after.text).not.toMatch(/notification|n1/);
});

test("K18 positions run no rule and open no transaction of the viewer", async () => {
  const cursor = await cursorOf(article("public"));
  rig.statements.splice(0);
  await ask([{ channel: article("public"), cursor }]);
  expect(rig.statements).toEqual([]);
});

test("K18 without a cursor for the channel the response is the same for every channel and any activity", async () => {
  const mine = await cursorOf(bob.name);
  const forged = mine.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
  const channelNames = ["user.ada", article("draft"), article("missing"), "galaxy.1", "no channel"];
  for (const cursor of [mine, forged, "", "AAAA", "x".repeat(2_048)]) {
    const answer = await ask(channelNames.map((channel) => ({ channel, cursor })));
    expect(answer.body.behind).toEqual(channelNames);
  }
  expect(rig.errors).toEqual([]);
});

test("K18 after a right has ended, an old cursor always returns that the channel is behind", async () => {
  const cursor = await cursorOf("user.ada", "session=ada");
  const ada = channels.user({ userId: "ada" });
  expect((await ask([{ channel: ada.name, cursor }])).body.behind).toEqual([]);
  await revoke(ada);
  for (let round = 0; round < 3; round += 1) {
    expect((await ask([{ channel: ada.name, cursor }])).body.behind).toEqual([ada.name]);
  }
  const [refused] = await rig.ask({ [ada.name]: cursor });
  expect(refused).toEqual({ channel: ada.name, status: "denied" });
});

test("A5 positions are returned to verified sessions only", async () => {
  const cursor = await cursorOf(bob.name);
  const answer = await ask([{ channel: bob.name, cursor }], "session=garbage");
  expect([answer.status, answer.text]).toEqual([401, '{"v":1,"error":"unauthenticated"}']);
});

test.each([
  ["no list", undefined],
  ["an empty list", []],
  ["no cursor", [{ channel: "user.bob", cursor: null }]],
  ["a cursor that is too long", [{ channel: "user.bob", cursor: "x".repeat(2_049) }]],
  ["an id that is none", [{ channel: "user.bob", cursor: "x", last: 7 }]],
  ["an id that is too long", [{ channel: "user.bob", cursor: "x", last: "x".repeat(65) }]],
  ["a channel twice", Array(2).fill({ channel: "user.bob", cursor: "x" })],
  ["101 channels", Array.from({ length: 101 }, (_, i) => ({ channel: `user.${i}`, cursor: "x" }))],
])("positions with %s are a bad request", async (_what, positions) => {
  const answer = await ask(positions as readonly Position[]);
  expect([answer.status, answer.body.error]).toEqual([400, "bad_request"]);
});

test("K14 responses contain the relay's age, and the operator gets at most one report a minute", async () => {
  const silences: (number | null)[] = [];
  let nowMs = 1_000_000;
  let ageMs: number | null = null;
  const route = rig.createRoute({
    relayAgeMs: async () => ageMs,
    onRelaySilent: (age) => silences.push(age),
    clock: { now: () => nowMs, after: () => () => {} },
  });
  const cursor = await cursorOf(bob.name);
  const told = async () =>
    (await ask([{ channel: bob.name, cursor }], "session=bob", route)).body.relayAgeMs;
  expect(await told()).toBe(0);
  nowMs += 20_000;
  expect(await told()).toBe(20_000);
  for (const [afterMs, age] of [
    [2_000, 15_000],
    [30_000, 45_000],
    [30_000, 75_000],
  ] as const) {
    nowMs += afterMs;
    ageMs = age;
    expect(await told()).toBe(age);
  }
  nowMs += 60_000;
  ageMs = 14_999;
  expect(await told()).toBe(14_999);
  expect(silences).toEqual([null, 75_000]);
});

test("K12 a foreign origin is refused with the protocol's error, and the operator's report contains the origin", async () => {
  const origins: string[] = [];
  const route = rig.createRoute({ onForeignOrigin: (origin) => origins.push(origin) });
  const answer = await rig.send(
    {
      body: { v: 1, type: "rollout" },
      headers: { cookie: "session=bob", origin: "http://127.0.0.1:9" },
    },
    route,
  );
  expect([answer.status, answer.body]).toEqual([403, { v: 1, error: "forbidden_origin" }]);
  expect(origins).toEqual(["http://127.0.0.1:9"]);
});
