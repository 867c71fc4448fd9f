import { createRealtimeClient, type RealtimeReport, signal } from "querycast";
import { conformanceChannels as channels } from "querycast/testing";
import { afterEach, expect, test, vi } from "vitest";
import { createSseStack, type SseStackOptions } from "../../support/stacks/sse-stack.ts";

/** Streams of the site over real HTTP, with the log in Postgres and its relay. Nothing else runs. */

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function setUp(options: SseStackOptions = {}) {
  const stack = await createSseStack(options);
  closers.push(stack.close);
  const room = await stack.newRoom();
  const posted: string[] = [];
  /** A page that records the ids of a room, and what its client reports. */
  const openPage = (id: string) => {
    const received: string[] = [];
    /** How many messages were committed when a gap, or a signal without ids, came: a page reads them then. */
    const gaps: number[] = [];
    const unknown: number[] = [];
    const statuses: string[] = [];
    const reports: RealtimeReport[] = [];
    const client = createRealtimeClient({
      channels,
      transport: stack.transport({ id }),
      fetch: stack.fetch({ id }),
      onReport: (report) => reports.push(report),
    });
    closers.push(() => client.close());
    client.onStateChange(() => statuses.push(client.getState().status));
    const follow = () =>
      client.subscribe(room, {
        signal: ({ ids }) => {
          if (ids === undefined) unknown.push(posted.length);
          else received.push(...ids.map(({ messageId }) => String(messageId)));
        },
        gap: () => gaps.push(posted.length),
      });
    follow();
    const isLive = () => client.getState().status === "live";
    return { client, received, gaps, unknown, statuses, reports, isLive, follow };
  };
  const post = async (messageId: string) => {
    await stack.commit([signal(room, "message.posted", { messageId })]);
    posted.push(messageId);
  };
  return { stack, room, openPage, post, posted };
}

test("E3 S1.16 streams that end early resume without a hole while rows commit, with nothing but Postgres and the site", async () => {
  const { stack, openPage, post, posted } = await setUp({ connectionLifeMs: 2_000 });
  const page = openPage("reader");
  await stack.until("it is live", page.isLive);
  expect(page.gaps).toEqual([0]); // the first one, which every channel begins with
  page.statuses.length = 0;
  const ends = () => page.statuses.filter((status) => status === "catching-up").length;
  while (ends() < 4) {
    await post(`m${posted.length}`);
    await new Promise<void>((resolve) => stack.clock.after(10, resolve));
  }
  await stack.until("it is live again", page.isLive);
  await post("last");
  await stack.until("it arrives", () => page.received.includes("last"));
  // A replay of many signals has no ids, and makes the page read what was committed until then.
  const read = Math.max(0, ...page.unknown);
  expect(posted.slice(read).filter((id) => !page.received.includes(id))).toEqual([]);
  expect(page.gaps).toEqual([0]);
  expect(page.statuses).not.toContain("degraded");
  expect(page.reports).toEqual([]);
}, 90_000);

test("S1.8 clients that disconnect at any time, also while they subscribe, leave no stream, no subscription and no listener", async () => {
  const { stack, openPage } = await setUp({ idleMs: 500 });
  for (let round = 0; round < 12; round += 1) {
    const { client, isLive } = openPage(`reader ${round}`);
    // Round 0 closes at once, others before a stream, while it opens, while it subscribes, or when they are live.
    const { hub } = stack;
    if (round % 4 === 1) await stack.until("a stream is open", () => hub.size().streams > 0);
    if (round % 4 === 2) await stack.until("it subscribes", () => hub.size().subscriptions > 0);
    if (round % 4 === 3) await stack.until("it is live", isLive);
    client.close();
  }
  // Requests that are aborted before their answer, and connections that break.
  for (let round = 0; round < 10; round += 1) {
    const gone = new AbortController();
    const opening = fetch(stack.endpoint, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "reader" },
      body: '{"v":1,"socketId":null,"channels":[]}',
      signal: gone.signal,
    }).catch(() => {});
    if (round % 2 === 0) await opening;
    gone.abort();
  }
  const last = openPage("z");
  await stack.until("it is live", last.isLive);
  stack.line.cut();
  last.client.close();
  await vi.waitFor(
    () => expect(stack.hub.size()).toEqual({ streams: 0, subscriptions: 0 }),
    10_000,
  );
  await stack.until("nothing listens", () => stack.relay.health().state === "resting");
}, 90_000);

test("S1.12 malformed payloads and a subscriber that throws harm no other subscriber, of the same page or of another", async () => {
  const { stack, room, openPage, post } = await setUp();
  const [page, other] = [openPage("a"), openPage("b")];
  page.client.subscribe(room, {
    signal: () => {
      throw new Error("A broken listener.");
    },
    gap: () => {},
  });
  page.follow(); // a subscriber after the broken one
  await stack.until("both are live", () => page.isLive() && other.isLive());
  for (const data of [
    "{",
    "null",
    "[]",
    '{"v":1}',
    '{"v":1,"id":7,"ids":"x"}',
    "\u0000",
    "x".repeat(5_000),
  ]) {
    stack.hub.send(`private-${room.name}.e0`, "message.posted", data);
  }
  await post("m1");
  await stack.until(
    "all have received",
    () => other.received.includes("m1") && page.received.length >= 2,
  );
  expect(page.received.filter((id) => id === "m1")).toEqual(["m1", "m1"]);
  expect(other.received.filter((id) => id === "m1")).toEqual(["m1"]);
  // What cannot be read means that anything may have changed.
  expect(other.unknown).not.toEqual([]);
  expect(new Set(page.reports.map(({ type }) => type))).toEqual(new Set(["listener-failed"]));
  expect(other.reports).toEqual([]);
  expect([page.isLive(), other.isLive()]).toEqual([true, true]);
}, 60_000);
