import { expect, test } from "vitest";
import type { Delivery } from "../ports.ts";
import { createPredecessorLinks } from "./predecessor-links.ts";

const frame = (channel: string, id: string, last?: string): Delivery => ({
  channel,
  accessEpoch: 0,
  signal: { id, name: "message.posted", ids: undefined, origin: undefined, last },
});

function setUp(heads: Record<string, string> = {}, capacity?: number) {
  const asked: string[][] = [];
  const links = createPredecessorLinks({
    heads: async (_position, channels) => {
      asked.push([...channels]);
      return new Map(Object.entries(heads).filter(([channel]) => channels.includes(channel)));
    },
    ...(capacity === undefined ? {} : { capacity }),
  });
  const attempt = async (...frames: readonly Delivery[]) =>
    (await links.link(frames, "p")).map(({ signal }) => signal.after);
  const link = async (...frames: readonly Delivery[]) => {
    const linked = await attempt(...frames);
    links.sent(frames);
    return linked;
  };
  return { asked, attempt, link };
}

test("K7 each frame names its predecessor on the channel; the log supplies the first one", async () => {
  const { asked, link } = setUp({ a: "a0" });
  expect(await link(frame("a", "a1"), frame("b", "b1"), frame("a", "a2"))).toEqual([
    "a0",
    undefined,
    "a1",
  ]);
  expect(await link(frame("b", "b2"), frame("a", "a3"))).toEqual(["b1", "a2"]);
  expect(asked).toEqual([["a", "b"]]);
});

test("K7 the successor of a merged frame names its newest signal", async () => {
  const { link } = setUp();
  expect(await link(frame("a", "union", "a3"), frame("a", "a4"))).toEqual([undefined, "a3"]);
});

test("predecessors above the capacity are read from the log again", async () => {
  const { asked, link } = setUp({}, 2);
  await link(frame("a", "a1"), frame("b", "b1"));
  await link(frame("a", "a2"), frame("c", "c1"));
  await link(frame("a", "a3"));
  await link(frame("b", "b2"));
  expect(asked).toEqual([["a", "b"], ["c"], ["b"]]);
});

test("K7 a frame that was not sent is not a predecessor", async () => {
  const { attempt, link } = setUp({ a: "a0" });
  expect(await attempt(frame("a", "a1"))).toEqual(["a0"]);
  expect(await link(frame("a", "union", "a2"))).toEqual(["a0"]);
  expect(await attempt(frame("a", "a3"))).toEqual(["a2"]);
  expect(await link(frame("a", "a4"))).toEqual(["a2"]);
});

test("the notice of a changed epoch is not linked: nothing follows it under the old name", async () => {
  const { link } = setUp();
  const notice = frame("a", "moved");
  const moved = { ...notice, signal: { ...notice.signal, name: "querycast.moved" } };
  expect(await link(frame("a", "a1"), moved, frame("a", "a2"))).toEqual([
    undefined,
    undefined,
    "a1",
  ]);
});
