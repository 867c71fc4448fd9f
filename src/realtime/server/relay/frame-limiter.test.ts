import { afterEach, expect, test } from "vitest";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { signal } from "../../protocol/signal.ts";
import { createFakeClock, settlePromises } from "../../testing/fakes/fake-clock.ts";
import { createMemoryLog } from "../../testing/memory/memory-log.ts";
import type { Broker, Delivery } from "../ports.ts";
import { createRollout, type RolloutSettings } from "../rollout/rollout.ts";
import { createRelay } from "./create-relay.ts";
import { drain } from "./drain.ts";
import type { RelayEvent } from "./relay-events.ts";

const channels = defineChannels({
  room: channel("room.{id}")
    .signal("message.posted")
    .signal("topic.changed")
    .signal("title.changed"),
  desk: channel("desk.{id}").signal("bell.rang"),
});
const room = channels.room({ id: "1" });
const desk = channels.desk({ id: "1" });
const posted = signal(room, "message.posted");
const changed = signal(room, "topic.changed");
const titled = signal(room, "title.changed");
const rang = signal(desk, "bell.rang");

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A relay on a fake clock with a limit for rooms, and the frames its broker accepted with their times. */
function setUp({ framesPerSecond = 5, pageRows = 1000 } = {}) {
  const clock = createFakeClock();
  const log = createMemoryLog({ clock, pageRows });
  const taken: { readonly atMs: number; readonly frame: Delivery }[] = [];
  const events: RelayEvent[] = [];
  let failure: (frames: readonly Delivery[]) => Error | undefined = () => undefined;
  let settings: RolloutSettings = { options: { room: { framesPerSecond } } };
  const broker = {
    publish: async (frames: readonly Delivery[]) => {
      const error = failure(frames);
      if (error !== undefined) throw error;
      taken.push(...frames.map((frame) => ({ atMs: clock.now(), frame })));
    },
  } as Broker;
  const rollout = createRollout({ channels, clock, read: async () => settings, maxAgeMs: 100 });
  const onEvent = (event: RelayEvent) => void events.push(event);
  const options = { log, broker, clock, random: () => 0.5, rollout, onEvent };
  const relay = createRelay(options);
  closers.push(relay.stop);
  return {
    clock,
    log,
    relay,
    events,
    options,
    write: (...signals: readonly (typeof posted)[]) =>
      log.transaction((tx) => log.append(tx, signals)),
    start: async () => {
      relay.start();
      await settlePromises();
    },
    set: (next: RolloutSettings) => {
      settings = next;
    },
    fail: (next: typeof failure) => {
      failure = next;
    },
    on: (name: string) => taken.filter(({ frame }) => frame.channel === name),
    /** The newest signal of a channel in the log. */
    youngest: async (name: string) => {
      const answers = await log.since([{ channel: name, position: null }]);
      return answers.get(name)?.recent.at(-1);
    },
  };
}
type Taken = ReturnType<ReturnType<typeof setUp>["on"]>;

const lastOf = ({ frame: { signal: sent } }: Taken[number]) => sent.last ?? sent.id;
/** The maximum number of frames in any second. */
const mostInASecond = (taken: Taken) =>
  Math.max(
    ...taken.map(
      ({ atMs: from }) => taken.filter(({ atMs }) => atMs >= from && atMs < from + 1000).length,
    ),
  );
/** Whether each frame names its predecessor. */
const isChained = (taken: Taken) =>
  taken.every(({ frame }, index) => {
    const before = taken[index - 1];
    return frame.signal.after === (before === undefined ? undefined : lastOf(before));
  });

test.each([1, 2, 5, 20, 40])(
  "R10 1,000 signals in a second are sent as at most %i frames a second, the last signal included",
  async (framesPerSecond) => {
    const { clock, on, relay, start, write, youngest } = setUp({ framesPerSecond });
    await start();
    for (let ms = 0; ms < 1000; ms += 1) {
      await write(posted);
      await clock.advance(1);
    }
    await clock.advance(1000);
    const heard = on(room.name);
    expect(mostInASecond(heard)).toBeLessThanOrEqual(framesPerSecond);
    // At least half of the limit is used, or of the relay's reads if those are fewer.
    expect(heard.length).toBeGreaterThanOrEqual(Math.min(framesPerSecond, 20) / 2);
    expect(isChained(heard)).toBe(true);
    expect(heard.map(lastOf).at(-1)).toBe(await youngest(room.name));
    expect(relay.health()).toMatchObject({ published: 1000, backlog: 0 });
  },
);

test("R10 a channel with a limit does not delay other channels", async () => {
  const { clock, on, start, write } = setUp({ framesPerSecond: 1 });
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
  const heard = on(desk.name);
  expect(heard).toHaveLength(written.length);
  // The same delay as without a limit: until the next read of the relay.
  for (const [index, { atMs }] of heard.entries()) {
    expect(atMs - (written[index] ?? 0)).toBeLessThanOrEqual(50);
  }
});

test("R10 a single signal is sent at once, and the next one when the limit allows", async () => {
  const { clock, on, start, write } = setUp({ framesPerSecond: 2 });
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
  const { clock, on, start, write } = setUp({ framesPerSecond: 2 });
  await start();
  await write(posted, changed, titled);
  for (let turn = 0; turn < 10; turn += 1) {
    await clock.advance(100);
    await write(posted);
  }
  await clock.advance(5000);
  const heard = on(room.name);
  expect(heard.map(({ frame }) => frame.signal.name)).toEqual([
    "message.posted",
    "topic.changed",
    "title.changed",
    "message.posted",
  ]);
  expect(mostInASecond(heard)).toBe(2);
  expect(isChained(heard)).toBe(true);
});

test("R10 a limit changed or removed at run time applies from the next frame", async () => {
  const { clock, on, set, start, write } = setUp({ framesPerSecond: 1 });
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

test("R11 signals that wait when the relay crashes are sent by the next one", async () => {
  const { clock, log, on, start, write, youngest } = setUp({ framesPerSecond: 1 });
  await start();
  await write(posted);
  await clock.advance(100);
  await write(posted, rang);
  await clock.advance(100);
  expect(on(room.name)).toHaveLength(1);
  expect(on(desk.name)).toHaveLength(1);
  log.cut();
  await clock.advance(5000);
  const heard = on(room.name);
  expect(heard.map(lastOf).at(-1)).toBe(await youngest(room.name));
  expect(isChained(heard.slice(0, 2))).toBe(true);
});

test("R11 the saved position stays before the oldest waiting signal, and advances with every frame", async () => {
  const { clock, events, log, relay, start, write } = setUp({ framesPerSecond: 1 });
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
  const next = createRelay({ ...setUpNext(log, clock, events) });
  closers.push(next.stop);
  next.start();
  await clock.advance(5000);
  expect(before).toBeGreaterThan(40);
  expect(published() - before).toBeLessThan(40);
  expect(published()).toBeGreaterThanOrEqual(62);
});

function setUpNext(
  log: ReturnType<typeof createMemoryLog>,
  clock: ReturnType<typeof createFakeClock>,
  events: RelayEvent[],
) {
  const broker = { publish: async () => {} } as unknown as Broker;
  return { log, broker, clock, onEvent: (event: RelayEvent) => void events.push(event) };
}

test("R11 signals that wait during a broker outage are sent in order after it", async () => {
  const { clock, fail, on, relay, start, write, youngest } = setUp({ framesPerSecond: 1 });
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
  const heard = on(room.name).slice(0, 3);
  expect(heard.map(({ frame }) => frame.signal.name)).toEqual([
    "message.posted",
    "message.posted",
    "topic.changed",
  ]);
  expect(isChained(heard)).toBe(true);
  expect(heard.map(lastOf)).toContain(await youngest(room.name));
  expect(relay.health().published).toBe(5);
  expect(on(desk.name).length).toBeGreaterThan(0);
});

test("R11 V1 after a revocation waiting signals are not sent under the old name, and the notice does not wait", async () => {
  const { clock, log, on, start, write } = setUp({ framesPerSecond: 1 });
  await start();
  await write(posted);
  await clock.advance(100);
  await write(posted);
  await clock.advance(100);
  await log.transaction((tx) => log.bumpAccessEpoch(tx, room));
  await clock.advance(50);
  await write(posted);
  await clock.advance(60_000);
  const heard = on(room.name).map(({ frame }) => [frame.signal.name, frame.accessEpoch]);
  const first = heard.findIndex(([name]) => name === "querycast.moved");
  expect(heard.slice(0, first)).toEqual([["message.posted", 0]]);
  expect(heard.slice(first).filter(([name]) => name === "message.posted").length).toBeGreaterThan(
    0,
  );
  expect(heard.slice(first)).not.toContainEqual(["message.posted", 0]);
});

test("R5 R10 a refused signal on a channel with a limit is set aside, and the others are sent", async () => {
  const { clock, events, fail, on, start, write } = setUp({ framesPerSecond: 1 });
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

test("R6 R10 a drain respects the limit and returns when everything is sent", async () => {
  const { clock, on, options, write } = setUp({ framesPerSecond: 2, pageRows: 10 });
  for (let row = 0; row < 300; row += 1) await write(posted);
  await write(changed, rang);
  const drained = drain(options);
  for (let turn = 0; turn < 500; turn += 1) await clock.advance(10);
  await expect(drained).resolves.toMatchObject({ standby: false, signals: 302, more: false });
  const heard = on(room.name);
  expect(mostInASecond(heard)).toBeLessThanOrEqual(2);
  expect(heard.length).toBeGreaterThan(1);
  expect(isChained(heard)).toBe(true);
  expect(on(desk.name)).toHaveLength(1);
});
