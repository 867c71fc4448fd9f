import { expect, test } from "vitest";
import {
  changed,
  createLimiterRig,
  desk,
  isChained,
  lastOf,
  mostInASecond,
  posted,
  rang,
  room,
  titled,
} from "../../../../tests/support/rigs/frame-limiter-rig.ts";
import { settlePromises } from "../../testing/fakes/fake-clock.ts";
import { drain } from "./drain.ts";

test.each([1, 2, 5, 20, 40])(
  "R10 1,000 signals in a second are sent as at most %i frames a second, the last signal included",
  async (framesPerSecond) => {
    const { clock, on, relay, start, write, youngest } = createLimiterRig({ framesPerSecond });
    await start();
    for (let ms = 0; ms < 1000; ms += 1) {
      await write(posted);
      await clock.advance(1);
    }
    await clock.advance(1000);
    const received = on(room.name);
    expect(mostInASecond(received)).toBeLessThanOrEqual(framesPerSecond);
    // At least half of the limit is used, or of the relay's reads if those are fewer.
    expect(received.length).toBeGreaterThanOrEqual(Math.min(framesPerSecond, 20) / 2);
    expect(isChained(received)).toBe(true);
    expect(received.map(lastOf).at(-1)).toBe(await youngest(room.name));
    expect(relay.health()).toMatchObject({ published: 1000, backlog: 0 });
  },
);

test("R10 a channel with a limit does not delay other channels", async () => {
  const { clock, on, start, write } = createLimiterRig({ framesPerSecond: 1 });
  await start();
  const written: number[] = [];
  for (let ms = 0; ms < 1000; ms += 1) {
    await write(posted);
    if (ms % 100 === 50) {
      written.push(clock.now());
      await write(rang);
    }
    await clock.advance(1);
  }
  const received = on(desk.name);
  expect(received).toHaveLength(written.length);
  // The same delay as without a limit: until the next read of the relay.
  for (const [index, { atMs }] of received.entries()) {
    expect(atMs - (written[index] ?? 0)).toBeLessThanOrEqual(50);
  }
});

test("R10 a single signal is sent at once, and the next one when the limit allows", async () => {
  const { clock, on, start, write } = createLimiterRig({ framesPerSecond: 2 });
  await start();
  await write(posted);
  await settlePromises();
  expect(on(room.name)).toHaveLength(1);
  await write(posted);
  await clock.advance(499);
  expect(on(room.name)).toHaveLength(1);
  await clock.advance(1);
  expect(on(room.name)).toHaveLength(2);
});

test("R10 of several waiting names the oldest goes first, and none starves", async () => {
  const { clock, on, start, write } = createLimiterRig({ framesPerSecond: 2 });
  await start();
  await write(posted, changed, titled);
  for (let turn = 0; turn < 10; turn += 1) {
    await clock.advance(100);
    await write(posted);
  }
  await clock.advance(5000);
  const received = on(room.name);
  expect(received.map(({ frame }) => frame.signal.name)).toEqual([
    "message.posted",
    "topic.changed",
    "title.changed",
    "message.posted",
  ]);
  expect(mostInASecond(received)).toBe(2);
  expect(isChained(received)).toBe(true);
});

test("R10 a limit changed or removed at run time applies from the next frame", async () => {
  const { clock, on, set, start, write } = createLimiterRig({ framesPerSecond: 1 });
  await start();
  const flood = async (ms: number) => {
    for (let at = 0; at < ms; at += 5) {
      await write(posted);
      await clock.advance(5);
    }
  };
  await flood(2000);
  expect(mostInASecond(on(room.name))).toBe(1);
  set({});
  await flood(200);
  const unlimited = on(room.name).length;
  await flood(1000);
  expect(on(room.name).length - unlimited).toBeGreaterThan(15);
  set({ options: { room: { framesPerSecond: 2 } } });
  await flood(200);
  const limited = on(room.name).length;
  await flood(3000);
  expect(mostInASecond(on(room.name).slice(limited))).toBe(2);
});

test("R6 R10 a drain respects the limit and returns when everything is sent", async () => {
  const { clock, on, options, write } = createLimiterRig({ framesPerSecond: 2, pageRows: 10 });
  for (let row = 0; row < 300; row += 1) await write(posted);
  await write(changed, rang);
  const drained = drain(options);
  for (let turn = 0; turn < 500; turn += 1) await clock.advance(10);
  await expect(drained).resolves.toMatchObject({ standby: false, signals: 302, more: false });
  const received = on(room.name);
  expect(mostInASecond(received)).toBeLessThanOrEqual(2);
  expect(received.length).toBeGreaterThan(1);
  expect(isChained(received)).toBe(true);
  expect(on(desk.name)).toHaveLength(1);
});
