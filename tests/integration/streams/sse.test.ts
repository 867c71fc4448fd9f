import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createRealtimeClient, signal } from "querycast";
import { conformanceChannels, conformanceScenarios } from "querycast/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createFakeBrowser } from "../../../src/realtime/testing/fakes/fake-browser.ts";
import { shared } from "../../../src/realtime/transports/shared/client.ts";
import { createSseHub, createStreamHandler } from "../../../src/realtime/transports/sse/server.ts";
import { serveRoute } from "../../support/servers/serve-route.ts";
import { createSseStack } from "../../support/stacks/sse-stack.ts";

const secret = "a secret of at least 32 characters";
const viewer = { id: "reader" };
const socketId = `${Date.now()}.5`;
const wireName = "private-room.1.e0";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** The hub behind real HTTP, without a log. */
async function serveHub() {
  const hub = createSseHub({ secret, streamsPerSession: 1_000 });
  const served = await serveRoute(
    createStreamHandler({
      hub,
      relay: { health: () => ({ state: "leading" }) as never },
      getViewer: async () => viewer,
      allowedOrigins: [],
      rateLimit: { take: () => 0 },
    }),
  );
  closers.push(served.close, hub.close);
  const auth = await hub.signJoin(socketId, wireName, viewer);
  const body = JSON.stringify({ v: 1, socketId, channels: [{ wireName, auth }] });
  const url = `http://${served.host}:${served.port}/`;
  const open = (signal?: AbortSignal) =>
    fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      ...(signal && { signal }),
    });
  /** A reader that requests a stream and reads nothing. */
  const stall = async (): Promise<Socket> => {
    const socket = connect({ host: served.host, port: served.port });
    closers.push(() => socket.destroy());
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.pause();
    socket.write(
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    return socket;
  };
  return { hub, open, stall };
}

test("E6 200 stalled readers use at most 64 KB each and delay no other reader", async () => {
  const { hub, open, stall } = await serveHub();
  const well = await open();
  let receivedBytes = 0;
  const reading = (async () => {
    for await (const chunk of well.body ?? []) receivedBytes += (chunk as Uint8Array).length;
  })().catch(() => {});
  await Promise.all(Array.from({ length: 200 }, stall));
  await vi.waitFor(() => expect(hub.size().streams).toBe(201), 10_000);
  const before = process.memoryUsage().rss;
  const data = "x".repeat(1_000);
  let sentBytes = 0;
  let peak = before;
  // Far more than the kernel buffers for a socket, so that each reader is dropped in the end.
  while (hub.size().streams > 1) {
    expect(sentBytes).toBeLessThan(200 * 1024 * 1024);
    for (let index = 0; index < 100; index += 1) hub.send(wireName, "a.b", data);
    sentBytes += 100 * data.length;
    await vi.waitFor(() => expect(receivedBytes).toBeGreaterThanOrEqual(sentBytes));
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  expect((peak - before) / 1024 / 1024).toBeLessThan(150);
  hub.close();
  await reading;
});

test.each(["drop-oldest", "drop-newest"] as const)(
  "S4.4 a socket that does not read delays no other reader of the messages, and its queue of 5 obeys %s",
  async (onFull) => {
    const { hub, open, stall } = await serveHub();
    const well = numbersIn(await open());
    const socket = await stall();
    await vi.waitFor(() => expect(hub.size().streams).toBe(2), 10_000);
    // Far more than the buffers of the kernel and of the server hold.
    const sent = 20_000;
    const send = (number: number) =>
      hub.sendMessage?.({
        channel: "room.1",
        accessEpoch: 0,
        leftMs: 600_000,
        data: `${number}.${"x".repeat(1_000)}`,
        options: { bufferSize: 5, onFull },
      });
    for (let number = 0; number < sent; number += 1) {
      await send(number);
      // The queue of a reader that reads holds few messages as well.
      while (number % 20 === 0 && well.at(-1) !== number) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    await vi.waitFor(() => expect(well).toHaveLength(sent), 10_000);
    expect(hub.size().streams).toBe(2);

    const slow: number[] = [];
    let text = "";
    socket.on("data", (chunk) => {
      text += String(chunk);
      slow.splice(0, slow.length, ...numbers(text));
    });
    socket.resume();
    const isInOrder = (list: readonly number[]) => list.every((number, index) => number === index);
    if (onFull === "drop-oldest") {
      // What the buffers held, then the newest five.
      await vi.waitFor(() => expect(slow.at(-1)).toBe(sent - 1), 10_000);
      expect(slow.slice(-5)).toEqual([5, 4, 3, 2, 1].map((back) => sent - back));
      expect(isInOrder(slow.slice(0, -5))).toBe(true);
    } else {
      // What the buffers held and the next five, then new messages.
      await vi.waitFor(async () => {
        await send(sent);
        expect(slow.at(-1)).toBe(sent);
      }, 10_000);
      expect(isInOrder(slow.filter((number) => number < sent))).toBe(true);
    }
    expect(slow.length).toBeLessThan(sent);
  },
  60_000,
);

const numbers = (text: string) =>
  [...text.matchAll(/"(\d+)\.x/g)].map(([, digits]) => Number(digits));

/** The numbers of the messages that a stream receives, while it is read. */
function numbersIn({ body }: Response): readonly number[] {
  const received: number[] = [];
  let rest = "";
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of body ?? []) {
      const text = rest + decoder.decode(chunk as Uint8Array, { stream: true });
      const end = text.lastIndexOf("\n\n");
      received.push(...numbers(text.slice(0, end + 1)));
      rest = text.slice(end + 1);
    }
  };
  read().catch(() => {});
  return received;
}

test("E7 readers that disconnect in any way, at any time, leave nothing behind", async () => {
  const { hub, open, stall } = await serveHub();
  for (let round = 0; round < 20; round += 1) {
    const gone = new AbortController();
    const opening = open(gone.signal).catch(() => undefined);
    if (round % 2 === 0) await opening;
    gone.abort();
    (await stall()).resetAndDestroy();
  }
  const last = await open();
  await vi.waitFor(() => expect(hub.size()).toEqual({ streams: 1, subscriptions: 1 }));
  await last.body?.cancel();
  await vi.waitFor(() => expect(hub.size()).toEqual({ streams: 0, subscriptions: 0 }));
});

const channels = conformanceChannels;

test("E6 a page with a slow connection is dropped, and catches up when it reads again", async () => {
  const stack = await createSseStack();
  closers.push(stack.close);
  const room = await stack.newRoom();
  const received: string[] = [];
  const client = createRealtimeClient({
    channels,
    transport: stack.transport(),
    fetch: stack.fetch(viewer),
  });
  closers.push(() => client.close());
  client.subscribe(room, {
    signal: ({ ids = [] }) => received.push(...ids.map((each) => String(each.messageId))),
    gap: () => {},
  });
  await stack.until("it is live", () => client.getState().status === "live");
  stack.line.freeze();
  await stack.commit([signal(room, "message.posted", { messageId: "m1" })]);
  // Until the buffers of kernel, proxy and server are full.
  await stack.until(
    "it is dropped",
    () => {
      for (let index = 0; index < 100; index += 1) {
        stack.hub.send(`private-${room.name}.e0`, "topic.changed", "x".repeat(10_000));
      }
      return stack.hub.size().streams === 0;
    },
    20_000,
  );
  await stack.line.heal();
  stack.line.cut();
  await stack.until("it is told", () => received.includes("m1"), 20_000);
  await stack.until("it is live again", () => client.getState().status === "live", 20_000);
}, 60_000);

test("E5 of 201 channels one is unavailable and retried without another stream, and is live once another is left", async () => {
  const stack = await createSseStack();
  closers.push(stack.close);
  const rooms = await Promise.all(Array.from({ length: 201 }, () => stack.newRoom()));
  let acknowledged = 0;
  let failed = 0;
  const transport = stack.transport();
  const client = createRealtimeClient({
    channels,
    transport: {
      ...transport,
      connect: (handlers) =>
        transport.connect({
          ...handlers,
          subscribed: (wireName) => {
            acknowledged += 1;
            handlers.subscribed(wireName);
          },
          subscriptionFailed: (wireName) => {
            failed += 1;
            handlers.subscriptionFailed(wireName);
          },
        }),
    },
    fetch: stack.fetch(viewer),
    random: () => 0.5,
  });
  closers.push(() => client.close());
  const stops = new Map(rooms.map((room) => [room.name, client.subscribe(room)]));
  const states = () => rooms.map(({ name }) => ({ name, ...client.channelState(name) }));
  const live = () => states().filter(({ status }) => status === "live");
  await stack.until("200 are live", () => live().length === 200, 20_000);
  expect(states().filter(({ status }) => status !== "live")).toMatchObject([
    { status: "unavailable", cause: "channel" },
  ]);
  const before = acknowledged;
  const tries = failed;
  await stack.until("it is tried again", () => failed >= tries + 2, 20_000);
  expect([acknowledged, live().length]).toEqual([before, 200]);
  stops.get(live()[0]?.name ?? "")?.();
  await stack.until("it is live", () => live().length === 200 && acknowledged > before, 30_000);
  const late = states().filter(({ status }) => status !== "live");
  expect(late).toMatchObject([{ status: "offline", reason: "idle" }]);
}, 90_000);

test("E10 a server that shuts down notifies its readers, who reconnect elsewhere without an error state", async () => {
  const stack = await createSseStack();
  closers.push(stack.close);
  const room = await stack.newRoom();
  const statuses: string[] = [];
  const reports: unknown[] = [];
  const client = createRealtimeClient({
    channels,
    transport: stack.transport(),
    fetch: stack.fetch(viewer),
    onReport: (report) => reports.push(report),
  });
  closers.push(() => client.close());
  client.subscribe(room);
  await stack.until("it is live", () => client.getState().status === "live");
  client.onStateChange(() => statuses.push(client.getState().status));
  await stack.hub.terminate(viewer.id);
  await stack.until("it is live again", () => statuses.includes("live"));
  expect(statuses).toEqual(["catching-up", "live"]);
  expect(reports).toEqual([]);
});

/** Every page is the leader of a separate browser: it must behave as a page without a shared stream. */
describe.concurrent("streams, shared", () => {
  for (const { title, run, timeoutMs } of conformanceScenarios) {
    test(
      title,
      async () => {
        const stack = await createSseStack();
        const transport: typeof stack.transport = (who) => {
          const tabs = createFakeBrowser(stack.clock).openTab();
          return shared(stack.transport(who), { key: "u1", tabs, clock: stack.clock });
        };
        try {
          await run({ ...stack, transport });
        } finally {
          await stack.close();
        }
      },
      timeoutMs,
    );
  }
});

test("T1 seven tabs share one stream, and each receives the signals of its channels", async () => {
  const stack = await createSseStack();
  closers.push(stack.close);
  const browser = createFakeBrowser(stack.clock);
  const rooms = await Promise.all(Array.from({ length: 7 }, () => stack.newRoom()));
  const received: string[] = [];
  const clients = rooms.map((room, index) => {
    const transport = shared(stack.transport(), {
      key: "u1",
      tabs: browser.openTab(),
      clock: stack.clock,
    });
    const client = createRealtimeClient({ channels, transport, fetch: stack.fetch(viewer) });
    closers.push(() => client.close());
    client.subscribe(room, { signal: () => received.push(`tab ${index}`), gap: () => {} });
    return client;
  });
  const areLive = () => clients.every((each) => each.getState().status === "live");
  await stack.until("all are live", areLive, 15_000);
  expect(stack.hub.size()).toEqual({ streams: 1, subscriptions: 7 });
  for (const room of rooms) await stack.commit([signal(room, "topic.changed")]);
  await stack.until("all are told", () => new Set(received).size === 7);
});
