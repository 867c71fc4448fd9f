import { expect, test } from "vitest";
import { ada, createHubRig, delivery, wire } from "../../../../tests/support/rigs/hub-rig.ts";
import type { RequestError } from "../../server/route/request-error.ts";

test("E2 a stream is never silent for more than 16 s, and writes replace heartbeats", async () => {
  const { clock, hub, listen } = createHubRig();
  const [quiet, busy] = [await listen(wire), await listen("private-room.2.e0")];
  for (let second = 0; second < 60; second += 1) {
    await hub.publish([delivery(`m${second}`, "2")]);
    await clock.advance(1_000);
  }
  expect(quiet.writes.slice(1).map(String)).toEqual(Array(4).fill(":\n\n"));
  expect(busy.writes).toHaveLength(61);
});

test("K14 a process that no longer follows the log sends no heartbeats, so that its clients reconnect elsewhere", async () => {
  const { clock, hub, listen } = createHubRig();
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
  const { clock, listen } = createHubRig();
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
  const { clock, listen } = createHubRig({ random: () => 0.5 });
  const half = await listen(wire);
  await clock.advance(228_000);
  expect(half.log).toEqual(["end"]);
});

test("a socket id with a future time does not lengthen the connection", async () => {
  const { clock, hub } = createHubRig();
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
  const { hub, listen } = createHubRig({
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
  const { clock, hub, listen } = createHubRig();
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
  const { hub, listen } = createHubRig();
  const reader = await listen(wire);
  hub.send(wire, "a.b", "{}");
  reader.close();
  await Promise.resolve();
  expect(reader.received()).toEqual([]);
});

test("E8 a session has at most twenty streams, and may open another when one ends", async () => {
  const { hub, listen } = createHubRig();
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
  const { hub, listen } = createHubRig();
  const [phone, desk] = [await listen(wire), await listen(wire)];
  const other = await listen(wire, { viewer: { id: "bob" } });
  await hub.terminate("ada");
  expect([phone.log, desk.log, other.log]).toEqual([["end"], ["end"], []]);
});

test("E9 a stream of an ended session ends within a minute; a failed check keeps it", async () => {
  const { clock, listen } = createHubRig();
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
  const { clock, hub, listen } = createHubRig();
  const readers = [await listen(wire), await listen(wire)];
  hub.close();
  expect(readers.map(({ log }) => log)).toEqual([["end"], ["end"]]);
  expect([hub.size().streams, clock.pending()]).toEqual([0, 0]);
  await expect(listen(wire)).rejects.toThrow("unavailable");
});
