import { expect, onTestFinished, test } from "vitest";
import {
  changed,
  channels,
  createLimiterRig,
  desk,
  isChained,
  lastOf,
  posted,
  rang,
  room,
} from "../../../../tests/support/rigs/frame-limiter-rig.ts";
import { signal } from "../../protocol/signal.ts";
import type { Broker } from "../ports.ts";
import { createRelay } from "./create-relay.ts";

test("R11 signals that wait when the relay crashes are sent by the next one", async () => {
  const { clock, log, on, start, write, youngest } = createLimiterRig({ framesPerSecond: 1 });
  await start();
  await write(posted);
  await clock.advance(100);
  await write(posted, rang);
  await clock.advance(100);
  expect(on(room.name)).toHaveLength(1);
  expect(on(desk.name)).toHaveLength(1);
  log.cut();
  await clock.advance(5000);
  const received = on(room.name);
  expect(received.map(lastOf).at(-1)).toBe(await youngest(room.name));
  expect(isChained(received.slice(0, 2))).toBe(true);
});

test("R11 the saved position stays before the oldest waiting signal, and advances with every frame", async () => {
  const { clock, events, log, relay, start, write } = createLimiterRig({ framesPerSecond: 1 });
  const other = channels.room({ id: "2" });
  await start();
  await write(posted);
  await clock.advance(500);
  await write(signal(other, "message.posted"));
  await clock.advance(25);
  // From here on one of the two rooms always has a waiting signal.
  for (let turn = 0; turn < 30; turn += 1) {
    await write(posted, signal(other, "message.posted"));
    await clock.advance(100);
  }
  await relay.stop();
  const published = () =>
    events.reduce((sum, event) => sum + (event.type === "published" ? event.signals : 0), 0);
  const before = published();
  // Another relay starts at the saved position: it repeats the last second, not everything.
  const next = createRelay({
    log,
    clock,
    onEvent: (event) => void events.push(event),
    broker: { publish: async () => {} } as unknown as Broker,
  });
  onTestFinished(next.stop);
  next.start();
  await clock.advance(5000);
  expect(before).toBeGreaterThan(40);
  expect(published() - before).toBeLessThan(40);
  expect(published()).toBeGreaterThanOrEqual(62);
});

test("R11 signals that wait during a broker outage are sent in order after it", async () => {
  const { clock, fail, on, relay, start, write, youngest } = createLimiterRig({
    framesPerSecond: 1,
  });
  await start();
  await write(posted);
  await clock.advance(100);
  await write(posted, changed);
  await clock.advance(100);
  fail(() => new Error("away"));
  await write(rang, posted);
  await clock.advance(10_000);
  expect(relay.health().state).toBe("blocked");
  expect(on(room.name)).toHaveLength(1);
  fail(() => undefined);
  await clock.advance(20_000);
  const received = on(room.name).slice(0, 3);
  expect(received.map(({ frame }) => frame.signal.name)).toEqual([
    "message.posted",
    "message.posted",
    "topic.changed",
  ]);
  expect(isChained(received)).toBe(true);
  expect(received.map(lastOf)).toContain(await youngest(room.name));
  expect(relay.health().published).toBe(5);
  expect(on(desk.name).length).toBeGreaterThan(0);
});

test("R11 V1 after a revocation waiting signals are not sent under the old name, and the notice does not wait", async () => {
  const { clock, log, on, start, write } = createLimiterRig({ framesPerSecond: 1 });
  await start();
  await write(posted);
  await clock.advance(100);
  await write(posted);
  await clock.advance(100);
  await log.transaction((tx) => log.bumpAccessEpoch(tx, room));
  await clock.advance(50);
  await write(posted);
  await clock.advance(60_000);
  const received = on(room.name).map(({ frame }) => [frame.signal.name, frame.accessEpoch]);
  const first = received.findIndex(([name]) => name === "querycast.moved");
  expect(received.slice(0, first)).toEqual([["message.posted", 0]]);
  expect(
    received.slice(first).filter(([name]) => name === "message.posted").length,
  ).toBeGreaterThan(0);
  expect(received.slice(first)).not.toContainEqual(["message.posted", 0]);
});

test("R5 R10 a refused signal on a channel with a limit is set aside, and the others are sent", async () => {
  const { clock, events, fail, on, start, write } = createLimiterRig({ framesPerSecond: 1 });
  await start();
  await write(posted);
  await clock.advance(100);
  fail((frames) =>
    frames.some(({ signal: { name } }) => name === "topic.changed")
      ? Object.assign(new Error("too odd"), { blame: "content" })
      : undefined,
  );
  await write(changed, posted);
  await clock.advance(100);
  await write(rang);
  await clock.advance(30_000);
  expect(events.filter(({ type }) => type === "set-aside")).toMatchObject([
    { channel: room.name, name: "topic.changed", attempts: 5 },
  ]);
  const names = new Set(on(room.name).map(({ frame }) => frame.signal.name));
  expect([...names].sort()).toEqual(["message.posted", "querycast.changed"]);
  expect(on(desk.name).length).toBeGreaterThan(0);
});
