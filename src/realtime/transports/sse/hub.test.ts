import { expect, test } from "vitest";
import type { StreamFrame } from "../../protocol/stream.ts";
import type { Delivery } from "../../server/ports.ts";
import type { RequestError } from "../../server/route/request-error.ts";
import type { Viewer } from "../../server/viewer.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createSseHub, type SseHubOptions } from "./hub.ts";
import { createFrameReader } from "./read-frames.ts";

const secret = "a secret of at least 32 characters";
const ada = { id: "ada", sessionId: "s1" };
const socketId = "1700000000000.5";

function setUp(options: Partial<SseHubOptions> = {}) {
  const clock = createFakeClock();
  const hub = createSseHub({ secret, clock, now: clock.now, random: () => 0, ...options });
  const open = (channels: Record<string, string> = {}, rest: Partial<Options> = {}) => {
    const frames: StreamFrame[] = [];
    const writes: Uint8Array[] = [];
    const log: string[] = [];
    let queued = 0;
    const read = createFrameReader((frame) => frames.push(frame));
    const close = hub.open({
      viewer: rest.viewer ?? ada,
      isValid: rest.isValid ?? (async () => true),
      request: {
        v: 1,
        socketId,
        channels: Object.entries(channels).map(([wireName, auth]) => ({ wireName, auth })),
      },
      sink: {
        write: (chunk) => {
          writes.push(chunk);
          read(new TextDecoder().decode(chunk));
        },
        queuedBytes: () => queued,
        end: () => log.push("end"),
        drop: () => log.push("drop"),
      },
    });
    return {
      frames,
      writes,
      log,
      close,
      stall: (bytes: number) => {
        queued = bytes;
      },
      received: () => frames.filter(({ event }) => event === "signal").map(({ data }) => data),
    };
  };
  const join = (wireName: string, viewer: Viewer = ada) => hub.signJoin(socketId, wireName, viewer);
  const listen = async (wireName: string, rest: Partial<Options> = {}) =>
    open({ [wireName]: await join(wireName, rest.viewer) }, rest);
  return { clock, hub, open, join, listen };
}
interface Options {
  viewer: Viewer;
  isValid: () => Promise<boolean>;
}

const delivery = (id: string, roomId = "1"): Delivery => ({
  channel: `room.${roomId}`,
  accessEpoch: 0,
  signal: { id, name: "message.posted", ids: [{ messageId: id }], origin: undefined },
});
const wire = "private-room.1.e0";

test("E1 the first frames contain the socket id, the subscribed and the refused channels", async () => {
  const { open, join } = setUp();
  const { frames, writes } = open({ [wire]: await join(wire), "private-room.2.e0": "forged" });
  expect(frames).toEqual([
    { event: "connected", data: { v: 1, socketId } },
    { event: "subscribed", data: [wire] },
    { event: "refused", data: ["private-room.2.e0"] },
  ]);
  expect(writes).toHaveLength(1);
});

test("E8 a signature is valid for one socket, wire name, viewer and session, for five minutes", async () => {
  const { clock, hub, open, join } = setUp();
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
  const { hub, listen } = setUp();
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
  const { hub, listen, open, join } = setUp();
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
  const { hub, listen } = setUp();
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

test("E2 a stream is never silent for more than 16 s, and writes replace heartbeats", async () => {
  const { clock, hub, listen } = setUp();
  const [quiet, busy] = [await listen(wire), await listen("private-room.2.e0")];
  for (let second = 0; second < 60; second += 1) {
    await hub.publish([delivery(`m${second}`, "2")]);
    await clock.advance(1_000);
  }
  expect(quiet.writes.slice(1).map(String)).toEqual(Array(4).fill(":\n\n"));
  expect(busy.writes).toHaveLength(61);
});

test("K14 a process that no longer follows the log sends no heartbeats, so that its clients reconnect elsewhere", async () => {
  const { clock, hub, listen } = setUp();
  expect(await hub.relayAgeMs?.()).toBeNull();
  const { writes } = await listen("private-room.1.e0");
  const follow = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      hub.caughtUp?.();
      await clock.advance(1_000);
    }
  };
  await follow(60);
  expect(await hub.relayAgeMs?.()).toBe(1_000);
  const before = writes.length;
  await clock.advance(60_000);
  expect(writes.length).toBe(before);
  expect(await hub.relayAgeMs?.()).toBe(61_000);
  await follow(20);
  expect(writes.length).toBeGreaterThan(before);
});

test("E3 a connection ends after 240 s, over all of its streams", async () => {
  const { clock, listen } = setUp();
  const first = await listen(wire);
  await clock.advance(200_000);
  const second = await listen(wire);
  await clock.advance(39_000);
  expect([first.log, second.log]).toEqual([[], []]);
  await clock.advance(1_000);
  expect([first.log, second.log]).toEqual([["end"], ["end"]]);
  expect(second.frames.at(-1)).toEqual({ event: "end", data: null });
});

test("E3 streams opened together do not end together", async () => {
  const { clock, listen } = setUp({ random: () => 0.5 });
  const half = await listen(wire);
  await clock.advance(228_000);
  expect(half.log).toEqual(["end"]);
});

test("a socket id with a future time does not lengthen the connection", async () => {
  const { clock, hub } = setUp();
  const log: string[] = [];
  hub.open({
    viewer: ada,
    isValid: async () => true,
    request: { v: 1, socketId: "99999999999999.1", channels: [] },
    sink: { write: () => {}, queuedBytes: () => 0, end: () => log.push("end"), drop: () => {} },
  });
  await clock.advance(240_000);
  expect(log).toEqual(["end"]);
});

test("E6 a client that is more than 64 KB behind is dropped, and others are not affected", async () => {
  let dropped = 0;
  const { hub, listen } = setUp({
    onDropped: () => {
      dropped += 1;
    },
  });
  const [slow, well] = [await listen(wire), await listen(wire)];
  slow.stall(64 * 1024);
  await hub.publish([delivery("m1")]);
  expect([slow.received().length, slow.log, dropped]).toEqual([1, [], 0]);
  slow.stall(64 * 1024 + 1);
  await hub.publish([delivery("m2")]);
  await hub.publish([delivery("m3")]);
  expect([slow.received().length, slow.log, dropped]).toEqual([1, ["drop"], 1]);
  expect(well.received()).toHaveLength(3);
  expect(hub.size()).toEqual({ streams: 1, subscriptions: 1 });
});

test("E7 a removed stream leaves nothing behind, and removing it is idempotent", async () => {
  const { clock, hub, listen } = setUp();
  const readers = [await listen(wire), await listen(wire), await listen("private-room.2.e0")];
  expect(hub.size()).toEqual({ streams: 3, subscriptions: 3 });
  for (const { close } of readers) {
    close();
    close();
  }
  expect([hub.size(), clock.pending()]).toEqual([{ streams: 0, subscriptions: 0 }, 0]);
  await hub.publish([delivery("m1")]);
  expect(readers.flatMap(({ received }) => received())).toEqual([]);
  expect(readers.flatMap(({ log }) => log)).toEqual([]);
});

test("E7 a stream removed in the turn of an event is not written to", async () => {
  const { hub, listen } = setUp();
  const reader = await listen(wire);
  hub.send(wire, "a.b", "{}");
  reader.close();
  await Promise.resolve();
  expect(reader.received()).toEqual([]);
});

test("E8 a session has at most twenty streams, and may open another when one ends", async () => {
  const { hub, listen } = setUp();
  const all = await Promise.all(Array.from({ length: 20 }, () => listen(wire)));
  await expect(listen(wire)).rejects.toMatchObject({
    code: "too_many_requests",
    retryAfterS: 5,
  } satisfies Partial<RequestError>);
  expect(hub.size().streams).toBe(20);
  await listen(wire, { viewer: { id: "ada", sessionId: "s2" } });
  all[0]?.close();
  all[0]?.close();
  await listen(wire);
  await expect(listen(wire)).rejects.toThrow("too_many_requests");
});

test("S3.9 terminate ends the streams of one viewer and no others", async () => {
  const { hub, listen } = setUp();
  const [phone, desk] = [await listen(wire), await listen(wire)];
  const other = await listen(wire, { viewer: { id: "bob" } });
  await hub.terminate("ada");
  expect([phone.log, desk.log, other.log]).toEqual([["end"], ["end"], []]);
});

test("E9 a stream of an ended session ends within a minute; a failed check keeps it", async () => {
  const { clock, listen } = setUp();
  let isValid = true;
  let asked = 0;
  const reader = await listen(wire, {
    isValid: async () => {
      asked += 1;
      return isValid;
    },
  });
  const unsure = await listen(wire, { isValid: () => Promise.reject(new Error("no database")) });
  await clock.advance(120_000);
  expect([asked, reader.log]).toEqual([2, []]);
  isValid = false;
  await clock.advance(60_000);
  expect([reader.log, unsure.log]).toEqual([["end"], []]);
});

test("E10 a closed hub ends its streams and opens no other", async () => {
  const { clock, hub, listen } = setUp();
  const readers = [await listen(wire), await listen(wire)];
  hub.close();
  expect(readers.map(({ log }) => log)).toEqual([["end"], ["end"]]);
  expect([hub.size().streams, clock.pending()]).toEqual([0, 0]);
  await expect(listen(wire)).rejects.toThrow("unavailable");
});

test("channels beyond 200 are refused, so that the page polls", async () => {
  const { open, join } = setUp();
  const names = Array.from({ length: 201 }, (_, index) => `private-room.${index}.e0`);
  const auths = await Promise.all(names.map(async (name) => [name, await join(name)] as const));
  const { frames } = open(Object.fromEntries(auths));
  expect(frames[1]?.data).toHaveLength(200);
  expect(frames[2]).toEqual({ event: "refused", data: ["private-room.200.e0"] });
});
