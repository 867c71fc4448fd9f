import { type CatchUpResult, signal } from "querycast";
import { createPublisher, createSignalLog } from "querycast/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { port } from "../../support/database/log-database.ts";
import {
  article,
  catchingUp,
  channels,
  createRouteRig,
  type RouteRig,
  secret,
} from "../../support/rigs/route-rig.ts";

let rig: RouteRig;
beforeAll(async () => {
  rig = await createRouteRig();
});
afterAll(() => rig.close());

const cursorOf = (result: CatchUpResult | undefined) =>
  result !== undefined && "cursor" in result ? result.cursor : "";

const name = `user.bob`;
const publishTo = async (amount: number, messageId = "n1") => {
  const { publish } = createPublisher({
    channels,
    log: createSignalLog({ sql: port(rig.database.reader) }),
  });
  const bob = channels.user({ userId: "bob" });
  await rig.database.writer.begin((tx) =>
    publish(
      Array.from({ length: amount }, () =>
        signal(bob, "notification.created", { notificationId: messageId }),
      ),
      { tx: port(tx) },
    ),
  );
};

test("without a cursor the response is a gap and a first cursor, from which replays are exact", async () => {
  const [first] = await rig.ask({ [name]: null });
  expect(first).toMatchObject({ channel: name, status: "gap" });
  const [second] = await rig.ask({ [name]: cursorOf(first) });
  expect(second?.status).toBe("upToDate");
  await publishTo(1);
  const [third] = await rig.ask({ [name]: cursorOf(second) });
  expect(third).toMatchObject({ status: "replay", signals: [{ name: "notification.created" }] });
  const replayed = third?.status === "replay" ? third.signals[0]?.data : "";
  expect(JSON.parse(replayed ?? "")).toEqual({
    v: 1,
    id: expect.any(String),
    ids: [{ notificationId: "n1" }],
  });
  expect((await rig.ask({ [name]: cursorOf(third) }))[0]?.status).toBe("upToDate");
});

test("C1 more than 500 missed signals are a gap with a new cursor", async () => {
  const [first] = await rig.ask({ [name]: null });
  await publishTo(501);
  const [gap] = await rig.ask({ [name]: cursorOf(first) });
  expect(gap?.status).toBe("gap");
  expect((await rig.ask({ [name]: cursorOf(gap) }))[0]?.status).toBe("upToDate");
});

test("C1 S3.24 a cursor that was not issued for this channel is a gap, never an error or a leak", async () => {
  const [mine, other] = await rig.ask({ [name]: null, [article("public")]: null });
  const good = cursorOf(mine);
  const flipped = (index: number) =>
    good.slice(0, index) + (good[index] === "A" ? "B" : "A") + good.slice(index + 1);
  const elsewhere = rig.createRoute({ secret: `${secret}, of somebody else` });
  const foreign = await rig.send({ body: catchingUp({ [name]: null }) }, elsewhere);
  const bad = [
    "",
    "x",
    "1;drop",
    "-1",
    "99999999999999999999",
    "a".repeat(2048),
    "é\0\n",
    cursorOf(other),
    foreign.body.results[0].cursor,
    good.slice(0, -1),
    ...[0, 8, 20, good.length - 2].map(flipped),
  ];
  for (const cursor of bad) {
    const [answer] = await rig.ask({ [name]: cursor });
    expect(answer?.status).toBe("gap");
  }
  expect((await rig.ask({ [name]: good }))[0]?.status).toBe("upToDate");
});

test("a cursor reveals nothing: two of the same moment differ, and none shows a number", async () => {
  const [a] = await rig.ask({ [name]: null });
  const [b] = await rig.ask({ [name]: null });
  expect(cursorOf(a)).not.toBe(cursorOf(b));
  expect(Buffer.from(cursorOf(a), "base64url").toString("latin1")).not.toMatch(/\d+:\d+:/);
});

test("A1 a replay needs the right to read now: without it, earlier signals are not replayed", async () => {
  const [first] = await rig.ask({ [article("draft")]: null }, "session=ada");
  const [refused] = await rig.ask({ [article("draft")]: cursorOf(first) }, "session=bob");
  expect(refused).toEqual({ channel: article("draft"), status: "denied" });
});

test("C1 another user's cursor has no effect: their channel is denied, one's own is a gap", async () => {
  const [theirs] = await rig.ask({ "user.ada": null }, "session=ada");
  const cursor = cursorOf(theirs);
  expect(cursor).not.toBe("");
  expect(await rig.ask({ "user.ada": cursor })).toEqual([
    { channel: "user.ada", status: "denied" },
  ]);
  expect((await rig.ask({ [name]: cursor }))[0]?.status).toBe("gap");
});

test("S3.20 catch-up needs no broker: a client without a socket gets missed signals by polling", async () => {
  const noBroker = rig.createRoute({ broker: null });
  const first = await rig.send({ body: catchingUp({ [name]: null }) }, noBroker);
  await publishTo(1, "n2");
  const second = await rig.send(
    { body: catchingUp({ [name]: first.body.results[0].cursor }) },
    noBroker,
  );
  expect(second.body.results[0]).toMatchObject({ status: "replay" });
});
