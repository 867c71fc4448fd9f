import { expect, test } from "vitest";
import {
  ada,
  createHubRig,
  delivery,
  secret,
  socketId,
  wire,
} from "../../../../tests/support/rigs/hub-rig.ts";
import type { Viewer } from "../../server/viewer.ts";
import { createSseHub } from "./hub.ts";

test("E1 the first frames contain the socket id, the subscribed and the refused channels", async () => {
  const { open, join } = createHubRig();
  const { frames, writes } = open({ [wire]: await join(wire), "private-room.2.e0": "forged" });
  expect(frames).toEqual([
    { event: "connected", data: { v: 1, socketId } },
    { event: "subscribed", data: [wire] },
    { event: "refused", data: ["private-room.2.e0"] },
  ]);
  expect(writes).toHaveLength(1);
});

test("E8 a signature is valid for one socket, wire name, viewer and session, for five minutes", async () => {
  const { clock, hub, open, join } = createHubRig();
  const refused = (auth: string, viewer: Viewer = ada) =>
    open({ [wire]: auth }, { viewer }).frames.some(({ event }) => event === "refused");
  const good = await join(wire);
  expect(refused(good)).toBe(false);
  expect(refused(await hub.signJoin("1.2", wire, ada))).toBe(true);
  expect(refused(await join("private-room.11.e0"))).toBe(true);
  expect(refused(good, { id: "ada", sessionId: "s2" })).toBe(true);
  expect(refused(good, { id: "eve", sessionId: "s1" })).toBe(true);
  expect(refused(good, { id: "ada" })).toBe(true);
  const other = createSseHub({ secret: `${secret}!`, now: clock.now });
  expect(refused(await other.signJoin(socketId, wire, ada))).toBe(true);
  for (const forged of ["", ".", "9", good.slice(0, -1), `${good}A`, good.replace(/^\d/, "9")]) {
    expect(refused(forged)).toBe(true);
  }
  await clock.advance(5 * 60_000 - 1);
  expect(refused(good)).toBe(false);
  await clock.advance(1);
  expect(refused(good)).toBe(true);
});

test("a short secret is an error when the hub is created", () => {
  expect(() => createSseHub({ secret: "short" })).toThrow(/has 5 characters, at least 32/);
});

test("a published signal reaches the subscribers of its wire name and no others", async () => {
  const { hub, listen } = createHubRig();
  const [one, two, moved] = [
    await listen(wire),
    await listen("private-room.2.e0"),
    await listen("private-room.1.e1"),
  ];
  await hub.publish([delivery("m1")]);
  expect(one.received()).toEqual([
    [wire, "message.posted", '{"v":1,"id":"m1","ids":[{"messageId":"m1"}]}'],
  ]);
  expect([two.received(), moved.received()]).toEqual([[], []]);
});

test("the events of one turn are one write per stream, serialised once", async () => {
  const { hub, listen, open, join } = createHubRig();
  const [one, other] = [await listen(wire), await listen(wire)];
  const both = open({
    [wire]: await join(wire),
    "private-room.2.e0": await join("private-room.2.e0"),
  });
  const published = Promise.all([
    hub.publish([delivery("m1"), delivery("m2")]),
    hub.publish([delivery("m3"), delivery("x", "2")]),
  ]);
  await published;
  for (const each of [one, other, both]) expect(each.writes).toHaveLength(2);
  expect(one.writes[1]).toBe(other.writes[1]);
  expect([one.received().length, both.received().length]).toEqual([3, 4]);
});

test("E4 no data can end a line or start another field", async () => {
  const { hub, listen } = createHubRig();
  const nasty = [
    "a\nb",
    "a\r\nevent: end\r\n\r\n",
    "\r",
    "\0",
    "\u2028",
    "data: x\n\n",
    "</script>",
  ];
  const reader = await listen(wire);
  for (const text of nasty) hub.send(wire, text, text);
  await Promise.resolve();
  expect(reader.received()).toEqual(nasty.map((text) => [wire, text, text]));
  const lines = Buffer.concat(reader.writes.slice(1))
    .toString()
    .split(/\r\n|[\n\r\0]/);
  expect(new Set(lines.map((line) => line.split(":")[0]))).toEqual(new Set(["event", "data", ""]));
  expect(lines.filter((line) => line.startsWith("event: "))).toEqual(
    nasty.map(() => "event: signal"),
  );
});

test("channels beyond 200 are refused, so that the page polls", async () => {
  const { open, join } = createHubRig();
  const names = Array.from({ length: 201 }, (_, index) => `private-room.${index}.e0`);
  const auths = await Promise.all(names.map(async (name) => [name, await join(name)] as const));
  const { frames } = open(Object.fromEntries(auths));
  expect(frames[1]?.data).toHaveLength(200);
  expect(frames[2]).toEqual({ event: "refused", data: ["private-room.200.e0"] });
});
