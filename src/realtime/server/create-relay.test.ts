import { afterEach, expect, test } from "vitest";
import { channel, defineChannels } from "../protocol/channel.ts";
import { ids } from "../protocol/ids.ts";
import { signal } from "../protocol/signal.ts";
import { createFakeClock, settlePromises } from "../testing/fake-clock.ts";
import { createMemoryLog } from "../testing/memory-log.ts";
import { createRelay } from "./create-relay.ts";
import type { Broker, Delivery } from "./ports.ts";

const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")).signal("topic.changed"),
});
const room = (roomId: string) => channels.room({ roomId });

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function setUp({ pageRows = 1000 } = {}) {
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
  /** Deaf: the notices of the database are lost. */
  const ears = { isDeaf: false };
  const relay = createRelay({
    log: {
      open: (handlers) =>
        log.open({ ...handlers, rang: () => (ears.isDeaf ? undefined : handlers.rang()) }),
    },
    broker,
    clock,
    random: () => 0,
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
    ears,
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

test("R9 in a flood of 10,000 signals in a second a channel hears 20 frames of each name, and all is said", async () => {
  const { batches, clock, relay, start, write } = setUp();
  await start();
  for (let ms = 0; ms < 1000; ms += 1) {
    await write(10);
    await clock.advance(1);
  }
  await clock.advance(100);
  expect(relay.health()).toMatchObject({ published: 10_000, backlog: 0 });
  // The first leaves at once, the second 25 ms later, before anybody knows that it is a flood.
  expect(batches.length).toBeGreaterThan(15);
  expect(batches.length).toBeLessThanOrEqual(22);
});

test("R9 a lone signal leaves at once, and one that follows it 25 ms later", async () => {
  const { batches, clock, start, write } = setUp();
  await start();
  await write(1);
  await settlePromises();
  expect(batches).toHaveLength(1);
  await write(1);
  await clock.advance(24);
  expect(batches).toHaveLength(1);
  await clock.advance(1);
  expect(batches).toHaveLength(2);
});

test("R9 ten full pages of one channel that piled up leave as one frame of each name, chained", async () => {
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

test("R9 where many channels wait, pages leave one by one: little would merge", async () => {
  const { batches, clock, start, write } = setUp({ pageRows: 200 });
  for (let row = 0; row < 1000; row += 1) await write(1, `r${row}`);
  await start();
  await clock.advance(0);
  expect(batches.map((frames) => frames.length)).toEqual([200, 200, 200, 200, 200]);
});

test("R9 what is read ahead is bounded: eleven pages need two turns", async () => {
  const { batches, clock, start, write } = setUp({ pageRows: 10 });
  for (let row = 0; row < 110; row += 1) await write(1);
  await start();
  await clock.advance(0);
  expect(batches).toHaveLength(2);
});

test("a relay that is rung reads at once, and one that is rung for nothing says nothing", async () => {
  const { batches, clock, ears, relay, start, write } = setUp();
  await start();
  await clock.advance(100);
  relay.ring();
  await settlePromises();
  expect(batches).toHaveLength(0);
  ears.isDeaf = true;
  await write(1);
  await settlePromises();
  expect(batches).toHaveLength(0);
  relay.ring();
  await settlePromises();
  expect(batches).toHaveLength(1);
});

test("R1 what is read ahead and refused is read anew, with what came meanwhile, in order", async () => {
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

test("K14 the relay notes that it has delivered everything, every 2 s, and stops to when the broker refuses", async () => {
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

test("K14 a relay that stands by notes nothing", async () => {
  const { clock, log } = setUp();
  const leader = await log.open({ rang: () => {}, closed: () => {} });
  await leader.lead();
  const standby = createRelay({ log, broker: {} as Broker, clock });
  closers.push(standby.stop);
  standby.start();
  await clock.advance(60_000);
  expect(await log.relayAgeMs?.()).toBeNull();
  expect(standby.health().caughtUpMsAgo).toBeUndefined();
});
