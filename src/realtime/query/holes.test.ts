import { QueryClient, QueryObserver, queryOptions } from "@tanstack/react-query";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRealtimeClient } from "../client/client.ts";
import { channel, defineChannels } from "../protocol/channel.ts";
import { on, type Signal } from "../protocol/signal.ts";
import { createFakeBroker } from "../testing/fake-broker.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createFakeEnvironment } from "../testing/fake-environment.ts";
import { createFakeRoute } from "../testing/fake-route.ts";
import { createQueryBridge } from "./bridge.ts";
import { live } from "./live.ts";

const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted").signal("topic.changed"),
});
type Name = "message.posted" | "topic.changed";
const room = channels.room({ roomId: "r1" });
const readMs = 100;
const settleMs = 3_000;

/** A page that shows how often each has happened in its room, by a query for each. */
async function setUp() {
  const broker = createFakeBroker();
  const route = createFakeRoute();
  const clock = createFakeClock();
  const environment = createFakeEnvironment();
  const random = () => 0.5;
  const client = createRealtimeClient({
    channels,
    transport: broker.transport,
    fetch: route.fetch,
    clock,
    environment,
    random,
  });
  const queryClient = new QueryClient();
  const detach = createQueryBridge({ client, queryClient, clock, random, environment }).attach();
  const changes = { "message.posted": 0, "topic.changed": 0 };
  let reads = 0;
  const show = (name: Name) => {
    const query = queryOptions({
      queryKey: [name],
      queryFn: () => {
        const seen = changes[name];
        reads += 1;
        return new Promise<number>((resolve) => clock.after(readMs, () => resolve(seen)));
      },
    });
    const observer = new QueryObserver(queryClient, live(query, [on(room, name)]));
    const unmount = observer.subscribe(() => {});
    return { shown: () => observer.getCurrentResult().data, unmount };
  };
  const posts = show("message.posted");
  const topics = show("topic.changed");
  await clock.advance(settleMs);
  const made: Signal[] = [];
  return {
    broker,
    clock,
    route,
    /** Commits a change; what it hands back delivers the frame of it. */
    commit: (name: Name = "message.posted") => {
      changes[name] += 1;
      const signal: Signal = {
        id: `s${made.length}`,
        name,
        ids: undefined,
        origin: undefined,
        after: made.at(-1)?.id,
      };
      made.push(signal);
      route.append(room.name, signal);
      return () => broker.publish(route.wireName(room.name), signal);
    },
    changes,
    shows: () => ({ "message.posted": posts.shown(), "topic.changed": topics.shown() }),
    reads: () => reads,
    catchUps: () => route.of("catch-up").length,
    close: () => {
      posts.unmount();
      topics.unmount();
      detach();
      client.close();
      queryClient.clear();
    },
  };
}

const frames = fc.array(
  fc.record({
    name: fc.constantFrom<Name>("message.posted", "topic.changed"),
    /** From the commit before. */
    pauseMs: fc.integer({ min: 0, max: 400 }),
    /** Each copy arrives so much after the commit; without one the frame is lost. */
    copiesMs: fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

test("K7 K8 whatever is lost, doubled and out of order, after the echo the page shows the last change", async () => {
  await fc.assert(
    fc.asyncProperty(frames, async (plan) => {
      const page = await setUp();
      let last = () => {};
      for (const { name, pauseMs, copiesMs } of plan) {
        await page.clock.advance(pauseMs);
        last = page.commit(name);
        for (const ms of copiesMs) page.clock.after(ms, last);
      }
      await page.clock.advance(10_000);
      last();
      await page.clock.advance(settleMs);
      expect(page.shows()).toEqual(page.changes);
      const [reads, catchUps] = [page.reads(), page.catchUps()];
      last();
      await page.clock.advance(60_000);
      expect([page.reads(), page.catchUps()]).toEqual([reads, catchUps]);
      page.close();
    }),
    { numRuns: 60 },
  );
});

test("K7 a lost frame is noticed by the next one, and asked for once", async () => {
  const page = await setUp();
  page.commit()();
  await page.clock.advance(settleMs);
  page.commit("topic.changed");
  page.commit("topic.changed");
  page.commit()();
  page.commit()();
  const before = page.catchUps();
  await page.clock.advance(settleMs);
  expect(page.catchUps()).toBe(before + 1);
  expect(page.shows()).toEqual(page.changes);
  page.close();
});

test("K7 what was sent before a page listened is no hole", async () => {
  const page = await setUp();
  page.commit();
  page.broker.cut();
  await page.clock.advance(settleMs);
  const before = page.catchUps();
  for (let round = 0; round < 3; round += 1) {
    page.commit()();
    await page.clock.advance(settleMs);
  }
  expect(page.catchUps()).toBe(before);
  page.close();
});

test("frames that are only late or doubled cost no question", async () => {
  const page = await setUp();
  const [first, second, third] = [page.commit(), page.commit(), page.commit()];
  for (const deliver of [first, third, third, second, first]) deliver();
  const before = page.catchUps();
  await page.clock.advance(settleMs);
  expect(page.catchUps()).toBe(before);
  expect(page.shows()).toEqual(page.changes);
  page.close();
});

test("forged predecessors cost a question at most every time, and never a loop", async () => {
  const page = await setUp();
  for (let index = 0; index < 200; index += 1) {
    const forged = { v: 1, id: `f${index}`, after: `nobody${index}` };
    page.broker.send(page.route.wireName(room.name), "message.posted", JSON.stringify(forged));
  }
  const before = page.catchUps();
  await page.clock.advance(60_000);
  expect(page.catchUps()).toBe(before + 1);
  page.close();
});
