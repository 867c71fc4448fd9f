import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { createBrotliDecompress } from "node:zlib";
import { channel, defineChannels, ids } from "querycast";
import { afterEach, expect, test, vi } from "vitest";
import {
  createRawStreamHandler,
  createSseHub,
  type RawStreamHandlerOptions,
  readEntities,
} from "../../../src/realtime/transports/sse/server.ts";
import { serveRaw } from "../../support/servers/serve-raw.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const channels = defineChannels({
  chat: channel("chat.{chatId}").entity("chat.content", ids("contentId")),
  page: channel("page.{pageId}").signal("page.changed"),
});
const socketId = `${Date.now()}.5`;
const viewer = { id: "ada" };

async function start(options: Partial<RawStreamHandlerOptions> = {}) {
  const hub = createSseHub({
    secret: "a secret of at least 32 characters",
    streamsPerSession: 1_000,
    entities: readEntities(
      channels,
      { accessEpochs: async () => new Map() },
      {
        chat: {
          "chat.content": async (_params, wanted) =>
            new Map(wanted.map((id) => [id, { id, text: `The text of ${id}.` }])),
        },
      },
    ),
  });
  const errors: unknown[] = [];
  const handle = createRawStreamHandler({
    hub,
    relay: { health: () => ({ state: "leading" }) as never },
    getViewer: async (request) => (request.headers.get("cookie") === "none" ? null : viewer),
    allowedOrigins: ["https://site.example"],
    rateLimit: { take: () => 0 },
    onError: (error) => errors.push(error),
    ...options,
  });
  const { port, close } = await serveRaw((request, response) => void handle(request, response));
  closers.push(close, hub.close);
  const bodyFor = async (...wireNames: readonly string[]) =>
    JSON.stringify({
      v: 1,
      socketId,
      channels: await Promise.all(
        wireNames.map(async (wireName) => ({
          wireName,
          auth: await hub.signJoin(socketId, wireName, viewer),
        })),
      ),
    });
  /** Opens a stream without decoding it. */
  const open = async (headers: Record<string, string>, ...wireNames: readonly string[]) => {
    const body = await bodyFor(...wireNames);
    return new Promise<IncomingMessage>((resolve, reject) => {
      const asked = httpRequest({
        host: "127.0.0.1",
        port,
        method: "POST",
        headers: { "content-type": "application/json", "content-length": body.length, ...headers },
      });
      asked.once("response", resolve).once("error", reject).end(body);
      closers.push(() => asked.destroy());
    });
  };
  const say = (...contentIds: readonly string[]) =>
    hub.publish([
      {
        channel: "chat.1",
        accessEpoch: 0,
        signal: {
          id: contentIds.join("").padStart(32, "0"),
          name: "chat.content",
          ids: contentIds.map((contentId) => ({ contentId })),
          origin: undefined,
        },
      },
    ]);
  return { hub, errors, open, say, bodyFor, port, url: `http://127.0.0.1:${port}/` };
}

/** Collects the text of a stream, or only its last characters. */
function collect(stream: NodeJS.ReadableStream, longest = Number.POSITIVE_INFINITY) {
  let text = "";
  stream.on("data", (chunk) => {
    text = (text + String(chunk)).slice(-longest);
  });
  stream.on("error", () => {});
  return () => text;
}

test("E16 S0.11 a stream with entities is compressed, and each event can be decoded at once", async () => {
  const { open, say } = await start();
  const response = await open({ "accept-encoding": "gzip, br" }, "private-chat.1.e0");
  expect(response.headers["content-encoding"]).toBe("br");
  expect(response.headers["cache-control"]).toContain("no-transform");
  let bytes = 0;
  response.on("data", (chunk: Uint8Array) => {
    bytes += chunk.length;
  });
  const text = collect(response.pipe(createBrotliDecompress()));
  await vi.waitFor(() => expect(text()).toContain("event: subscribed"));
  for (const id of ["1", "2", "3"]) {
    await say(id);
    // Nothing else is sent after it.
    await vi.waitFor(() => expect(text()).toContain(`The text of ${id}.`));
  }
  expect(bytes).toBeLessThan(text().length);
});

test.each([
  ["accepts no brotli", { "accept-encoding": "gzip" }, ["private-chat.1.e0"]],
  ["gives brotli a weight of 0", { "accept-encoding": "br;q=0, gzip" }, ["private-chat.1.e0"]],
  ["accepts nothing", {}, ["private-chat.1.e0"]],
  ["subscribes to no entity", { "accept-encoding": "br" }, ["private-page.1.e0"]],
  ["names an unknown channel", { "accept-encoding": "br" }, ["private-other.1.e0", "odd"]],
])("E16 S0.11 a stream is plain when the client %s", async (_why, headers, wireNames) => {
  const { open, say } = await start();
  const response = await open(headers as Record<string, string>, ...wireNames);
  expect(response.headers["content-encoding"]).toBeUndefined();
  const text = collect(response);
  await vi.waitFor(() => expect(text()).toContain("event: subscribed"));
  await say("1");
  if (wireNames[0]?.startsWith("private-chat")) {
    await vi.waitFor(() => expect(text()).toContain("The text of 1."));
  }
});

test("the number of compressed streams has a bound, and an end makes room", async () => {
  const { hub, open } = await start({ compressedStreams: 1 });
  const ask = () => open({ "accept-encoding": "br" }, "private-chat.1.e0");
  const first = await ask();
  expect(first.headers["content-encoding"]).toBe("br");
  expect((await ask()).headers["content-encoding"]).toBeUndefined();
  first.destroy();
  await vi.waitFor(() => expect(hub.size().streams).toBe(1));
  await vi.waitFor(async () => expect((await ask()).headers["content-encoding"]).toBe("br"));
});

test.each<[number, RequestInit & { readonly headers: Record<string, string> }]>([
  [405, { method: "GET", headers: {} }],
  [415, { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" }],
  [403, { method: "POST", headers: { origin: "https://other.example" }, body: "{}" }],
  [401, { method: "POST", headers: { cookie: "none" }, body: "{}" }],
  [400, { method: "POST", headers: {}, body: "{" }],
  [413, { method: "POST", headers: {}, body: "x".repeat(70_000) }],
])("a request is refused with %i, and no stream is opened", async (status, init) => {
  const { hub, url } = await start();
  const headers = { "content-type": "application/json", ...init.headers };
  const response = await fetch(url, { ...init, headers });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ v: 1 });
  expect(hub.size().streams).toBe(0);
});

test("a failing session check is a 503 that names no cause", async () => {
  const { url, errors } = await start({
    getViewer: async () => Promise.reject(new Error("The database is down.")),
  });
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"v":1,"socketId":null,"channels":[]}',
  });
  expect(response.status).toBe(503);
  expect(await response.text()).not.toContain("database");
  expect(errors).toHaveLength(1);
});

test.each(["br", "identity"])(
  "a client that disconnects is removed, with encoding %s",
  async (encoding) => {
    const { hub, open } = await start();
    const response = await open({ "accept-encoding": encoding }, "private-chat.1.e0");
    expect(hub.size().streams).toBe(1);
    response.destroy();
    await vi.waitFor(() => expect(hub.size().streams).toBe(0));
  },
);

test.each(["br", "identity"])(
  "S0.12 a viewer that stops reading is dropped and delays no other viewer, with encoding %s",
  async (encoding) => {
    const { hub, open, say, bodyFor, port } = await start();
    const well = await open({ "accept-encoding": "identity" }, "private-chat.1.e0");
    // A search of the whole text in each round would take most of the test's time.
    const text = collect(well, 200_000);
    const body = await bodyFor("private-chat.1.e0");
    const stalled = connect({ host: "127.0.0.1", port });
    closers.push(() => stalled.destroy());
    stalled.on("error", () => {});
    await once(stalled, "connect");
    stalled.pause();
    stalled.write(
      `POST / HTTP/1.1\r\nhost: x\r\naccept-encoding: ${encoding}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await vi.waitFor(() => expect(hub.size().streams).toBe(2));
    for (let round = 0; hub.size().streams > 1; round += 1) {
      expect(round).toBeLessThan(5_000);
      // Ids that do not compress well.
      const ids = Array.from({ length: 200 }, () => crypto.randomUUID());
      await say(...ids);
      await vi.waitFor(() => expect(text().includes(`The text of ${ids.at(-1)}.`)).toBe(true), {
        timeout: 10_000,
        interval: 5,
      });
    }
  },
  60_000,
);

/** A stream whose client stops reading, with more messages than the system buffers for a connection. */
async function stall(encoding: string) {
  const { hub, open } = await start();
  const response = await open({ "accept-encoding": encoding }, "private-chat.1.e0");
  response.pause();
  const sent = 12_000;
  for (let n = 1; n <= sent; n += 1) {
    await hub.sendMessage?.({
      channel: "chat.1",
      accessEpoch: 0,
      leftMs: 60_000,
      data: `${n} ${randomBytes(500).toString("hex")}`,
      options: { bufferSize: 3, onFull: "drop-oldest" },
    });
    if (n % 100 === 0) await setImmediate();
  }
  const read = () =>
    collect(encoding === "br" ? response.pipe(createBrotliDecompress()) : response.resume());
  return { hub, response, sent, read };
}

test.each(["br", "identity"])(
  "S4.4 messages that wait are sent when the client reads again, with encoding %s",
  async (encoding) => {
    const { sent, read } = await stall(encoding);
    const text = read();
    await vi.waitFor(() => expect(text().includes(`"${sent} `)).toBe(true), { timeout: 20_000 });
    expect(text().match(/event: message/g)?.length).toBeLessThan(sent);
  },
  60_000,
);

test.each(["br", "identity"])(
  "E17 nothing is written after the end of a stream for which messages wait, with encoding %s",
  async (encoding) => {
    const { hub, response, read } = await stall(encoding);
    hub.close();
    const text = read();
    await vi.waitFor(() => expect(response.closed).toBe(true), { timeout: 20_000 });
    const end = "event: end\ndata: null\n\n";
    await vi.waitFor(() => expect(text().slice(-end.length)).toBe(end));
  },
  60_000,
);

test("a hub that closes ends its streams", async () => {
  const { hub, open } = await start();
  const response = await open({ "accept-encoding": "br" }, "private-chat.1.e0");
  const text = collect(response.pipe(createBrotliDecompress()));
  hub.close();
  await vi.waitFor(() => expect(text()).toContain("event: end"));
});
