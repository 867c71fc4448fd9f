import { createRealtimeClient, signal } from "querycast";
import { conformanceChannels as channels } from "querycast/testing";
import { afterEach, expect, test } from "vitest";
import { createFakeClock } from "../../../src/realtime/testing/fakes/fake-clock.ts";
import { relaySessionName } from "../../support/stacks/postgres-stack.ts";
import { createSseStack, type SseStackOptions } from "../../support/stacks/sse-stack.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function setUp(options: SseStackOptions = {}) {
  const stack = await createSseStack(options);
  closers.push(stack.close);
  const { owner } = stack.database;
  /** Backends that LISTEN. */
  const listeners = async () =>
    (
      await owner<{ pid: number }[]>`
        select pid from pg_stat_activity
        where datname = current_database() and application_name = ${relaySessionName}`
    ).map(({ pid }) => pid);
  /** Records the most listeners that existed at the same time. */
  const watchListeners = () => {
    let most = 0;
    let isWatching = true;
    const watching = (async () => {
      while (isWatching) most = Math.max(most, (await listeners()).length);
    })();
    return async () => {
      isWatching = false;
      await watching;
      return most;
    };
  };
  /** A page that reads a room after each signal and each gap. */
  const openPage = (room: ReturnType<typeof channels.room>, id: string) => {
    const viewer = { id };
    let revision = 0;
    const read = async () => {
      const content = await stack.read(room, viewer);
      revision = Math.max(revision, content?.revision ?? 0);
    };
    const client = createRealtimeClient({
      channels,
      transport: stack.transport(viewer),
      fetch: stack.fetch(viewer),
    });
    closers.push(() => client.close());
    client.subscribe(room, { signal: () => void read(), gap: () => void read() });
    return {
      close: () => client.close(),
      revision: () => revision,
      isLive: () => client.getState().status === "live",
    };
  };
  return { stack, listeners, watchListeners, openPage };
}

test("E14 S1.3 50 browsers that connect at once share one LISTEN, and each receives the next commit", async () => {
  const { stack, listeners, watchListeners, openPage } = await setUp();
  const room = await stack.newRoom();
  expect(await listeners()).toEqual([]);
  const most = watchListeners();
  const pages = Array.from({ length: 50 }, (_, index) => openPage(room, `reader ${index}`));
  await stack.until("all are live", () => pages.every((page) => page.isLive()), 30_000);
  expect(stack.hub.size().streams).toBe(50);
  await stack.write(room, 1, [signal(room, "topic.changed")]);
  await stack.until("all have read", () => pages.every((page) => page.revision() === 1), 30_000);
  expect(await listeners()).toHaveLength(1);
  expect(await most()).toBe(1);
}, 90_000);

test("E14 S0.7 no session listens before the first stream, and none after the last one has closed", async () => {
  const { stack, listeners, openPage } = await setUp({ idleMs: 1_000 });
  const room = await stack.newRoom();
  expect(await listeners()).toEqual([]);
  expect(stack.relay.health().state).toBe("resting");
  const [first, second] = [openPage(room, "a"), openPage(room, "b")];
  await stack.until("both are live", () => first.isLive() && second.isLive());
  const [pid] = await listeners();
  first.close();
  await stack.write(room, 1, [signal(room, "topic.changed")]);
  await stack.until("the other has read", () => second.revision() === 1);
  expect(await listeners()).toEqual([pid]);
  second.close();
  await stack.until("nothing listens", () => stack.relay.health().state === "resting");
  await expect.poll(listeners).toEqual([]);
  await stack.write(room, 2, [signal(room, "topic.changed")]);
  const third = openPage(room, "c");
  await stack.until("it is live", third.isLive);
  await stack.until("it has read", () => third.revision() === 2);
  expect(await listeners()).not.toEqual([pid]);
}, 60_000);

test("E14 S0.7 pages that leave and join while the listening ends lose nothing, and there is never a second LISTEN", async () => {
  const clock = createFakeClock();
  const { stack, watchListeners, openPage } = await setUp({ idleMs: 1_000, clock });
  const room = await stack.newRoom();
  const most = watchListeners();
  let last: ReturnType<typeof openPage> | undefined;
  let revision = 0;
  let ends = 0;
  for (let round = 0; round < 12; round += 1) {
    last?.close();
    await stack.until("the stream is closed", () => stack.hub.size().streams === 0);
    // The new page connects before, during and after the end of the period, while a transaction commits.
    revision += 1;
    const commit = stack.write(room, revision, [signal(room, "topic.changed")]);
    const isEarly = round % 3 === 0;
    const page = isEarly ? openPage(room, `reader ${round}`) : undefined;
    clock.advanceNow(1_000);
    if (round % 3 === 2) await new Promise((resolve) => setTimeout(resolve, round));
    clock.advanceNow(1_000);
    if (stack.relay.health().state === "resting") ends += 1;
    const joined = page ?? openPage(room, `reader ${round}`);
    last = joined;
    await commit;
    await stack.until("it is live", joined.isLive, 15_000);
    await stack.until("it has read the commit", () => joined.revision() === revision, 15_000);
    revision += 1;
    await stack.write(room, revision, [signal(room, "topic.changed")]);
    await stack.until("it has read the next", () => joined.revision() === revision, 15_000);
  }
  expect(ends).toBeGreaterThan(3);
  expect(await most()).toBe(1);
}, 120_000);

test("E9 E14 S1.9 a listener that is killed is replaced while streams stay open, and a commit in between arrives", async () => {
  const { stack, listeners, openPage } = await setUp();
  const room = await stack.newRoom();
  const page = openPage(room, "a");
  await stack.until("it is live", page.isLive);
  const [pid] = await listeners();
  await stack.database.owner`select pg_terminate_backend(${pid ?? 0})`;
  await stack.write(room, 1, [signal(room, "topic.changed")]);
  await stack.until("it has read", () => page.revision() === 1, 20_000);
  expect(stack.hub.size().streams).toBe(1);
  const now = await listeners();
  expect(now).toHaveLength(1);
  expect(now).not.toEqual([pid]);
}, 60_000);
