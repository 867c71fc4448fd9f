import { afterEach, expect, test, vi } from "vitest";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { ids } from "../../protocol/ids.ts";
import { signal } from "../../protocol/signal.ts";
import { createFakeClock, settlePromises } from "../../testing/fakes/fake-clock.ts";
import { createMemoryLog } from "../../testing/memory/memory-log.ts";
import type { Broker, Delivery } from "../ports.ts";
import { createRelay, type RelayOptions } from "./create-relay.ts";

const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")).signal("topic.changed"),
});
const room = (roomId: string) => channels.room({ roomId });

interface SetUp extends Pick<RelayOptions, "spacingMs" | "onEvent"> {
  readonly pageRows?: number;
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function setUp({ pageRows = 1000, ...options }: SetUp = {}) {
  const clock = createFakeClock();
  const log = createMemoryLog({ clock, pageRows });
  const batches: (readonly Delivery[])[] = [];
  let refuse = false;
  const broker = {
    publish: async (frames: readonly Delivery[]) => {
      if (refuse) throw new Error("away");
      if (frames.length > 0) batches.push(frames);
    },
  } as Broker;
  /** `isDeaf`: notifications of the database are lost. */
  const faults = { isDeaf: false };
  const relay = createRelay({
    log: {
      open: (handlers) =>
        log.open({
          ...handlers,
          notified: () => (faults.isDeaf ? undefined : handlers.notified()),
        }),
    },
    broker,
    clock,
    random: () => 0,
    ...options,
  });
  closers.push(relay.stop);
  const write = (
    count: number,
    roomId = "one",
    name: "message.posted" | "topic.changed" = "topic.changed",
  ) =>
    log.transaction((tx) =>
      log.append(
        tx,
        Array.from({ length: count }, () =>
          name === "topic.changed"
            ? signal(room(roomId), name)
            : signal(room(roomId), name, { messageId: "1" }),
        ),
      ),
    );
  return {
    clock,
    log,
    faults,
    relay,
    batches,
    write,
    refuse: (does: boolean) => {
      refuse = does;
    },
    start: async () => {
      relay.start();
      await settlePromises();
    },
  };
}

test("R9 10,000 signals in a second become 20 frames of each name, and none is lost", async () => {
  const { batches, clock, relay, start, write } = setUp();
  await start();
  for (let ms = 0; ms < 1000; ms += 1) {
    await write(10);
    await clock.advance(1);
  }
  await clock.advance(100);
  expect(relay.health()).toMatchObject({ published: 10_000, backlog: 0 });
  // The first frame is sent at once, the second 25 ms later, before the flood is detected.
  expect(batches.length).toBeGreaterThan(15);
  expect(batches.length).toBeLessThanOrEqual(22);
});

test.each([
  ["25 ms", 25, {}],
  ["`spacingMs`", 5, { spacingMs: 5 }],
])("R9 a single signal is sent at once, and the next one %s later", async (_, ms, options) => {
  const { batches, clock, start, write } = setUp(options);
  await start();
  await write(1);
  await settlePromises();
  expect(batches).toHaveLength(1);
  await write(1);
  await clock.advance(ms - 1);
  expect(batches).toHaveLength(1);
  await clock.advance(1);
  expect(batches).toHaveLength(2);
});

test("R9 a backlog of ten pages of one channel is sent as one linked frame of each name", async () => {
  const { batches, clock, relay, start, write } = setUp({ pageRows: 100 });
  for (let row = 0; row < 500; row += 1) {
    await write(1);
    await write(1, "one", "message.posted");
  }
  await start();
  await clock.advance(0);
  expect(batches).toHaveLength(1);
  const [[first, second] = []] = batches;
  expect(batches[0]).toHaveLength(2);
  expect(second?.signal.after).toBe(first?.signal.last);
  expect(relay.health()).toMatchObject({ published: 1000, backlog: 0 });
});

test("R9 a backlog of many channels is sent page by page", async () => {
  const { batches, clock, start, write } = setUp({ pageRows: 200 });
  for (let row = 0; row < 1000; row += 1) await write(1, `r${row}`);
  await start();
  await clock.advance(0);
  expect(batches.map((frames) => frames.length)).toEqual([200, 200, 200, 200, 200]);
});

test("R9 read-ahead is bounded: eleven pages take two passes", async () => {
  const { batches, clock, start, write } = setUp({ pageRows: 10 });
  for (let row = 0; row < 110; row += 1) await write(1);
  await start();
  await clock.advance(0);
  expect(batches).toHaveLength(2);
});

test("wake makes the relay read at once, and publishes nothing when nothing was committed", async () => {
  const { batches, clock, faults, relay, start, write } = setUp();
  await start();
  await clock.advance(100);
  relay.wake();
  await settlePromises();
  expect(batches).toHaveLength(0);
  faults.isDeaf = true;
  await write(1);
  await settlePromises();
  expect(batches).toHaveLength(0);
  relay.wake();
  await settlePromises();
  expect(batches).toHaveLength(1);
});

test("R1 pages that were read ahead and refused are read again in order, with later signals", async () => {
  const { batches, clock, refuse, relay, start, write } = setUp({ pageRows: 10 });
  for (let row = 0; row < 25; row += 1) await write(1);
  refuse(true);
  await start();
  expect(relay.health()).toMatchObject({ state: "blocked", backlog: 25 });
  await write(1, "two");
  refuse(false);
  await clock.advance(1000);
  expect(batches.flat().map(({ channel: name }) => name)).toEqual(["room.one", "room.two"]);
  expect(relay.health().published).toBe(26);
});

test("K14 the relay sends a heartbeat every 2 s, and none while the broker refuses", async () => {
  const { clock, log, relay, write, refuse } = setUp();
  relay.start();
  for (let second = 0; second < 30; second += 1) {
    await clock.advance(1_000);
    if (second % 3 === 0) await write(1);
    expect(await log.relayAgeMs?.()).toBeLessThanOrEqual(4_000);
    expect(relay.health().caughtUpMsAgo).toBeLessThanOrEqual(4_000);
  }
  refuse(true);
  await write(1);
  await clock.advance(60_000);
  expect(await log.relayAgeMs?.()).toBeGreaterThan(50_000);
  expect(relay.health().caughtUpMsAgo).toBeGreaterThan(50_000);
  refuse(false);
  await clock.advance(60_000);
  expect(await log.relayAgeMs?.()).toBeLessThanOrEqual(4_000);
});

test("K14 a standby relay sends no heartbeat", async () => {
  const { clock, log } = setUp();
  const leader = await log.open({ notified: () => {}, closed: () => {} });
  await leader.lead();
  const standby = createRelay({ log, broker: {} as Broker, clock });
  closers.push(standby.stop);
  standby.start();
  await clock.advance(60_000);
  expect(await log.relayAgeMs?.()).toBeNull();
  expect(standby.health().caughtUpMsAgo).toBeUndefined();
});

test("an `onEvent` that throws neither stops the relay nor repeats a signal", async () => {
  const print = vi.spyOn(console, "error").mockImplementation(() => {});
  const deliver = async (onEvent: RelayOptions["onEvent"]) => {
    const { batches, clock, refuse, relay, start, write } = setUp({ onEvent });
    await start();
    await write(1, "one", "message.posted");
    await clock.advance(1_000);
    refuse(true);
    await write(1, "two", "message.posted");
    await clock.advance(1_000);
    refuse(false);
    await clock.advance(20_000);
    expect(relay.health()).toMatchObject({ state: "leading", backlog: 0 });
    return batches.flat().map(({ channel }) => channel);
  };
  const broken = new Error("The logger is broken.");
  const delivered = await deliver(() => {
    throw broken;
  });
  expect(delivered).toContain("room.two");
  expect(delivered).toEqual(await deliver(() => {}));
  expect(print).toHaveBeenCalledWith(broken);
});
