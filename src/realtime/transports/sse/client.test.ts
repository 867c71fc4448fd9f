import { expect, test, vi } from "vitest";
import { createRealtimeClient } from "../../client/client.ts";
import type { RealtimeReport } from "../../client/realtime-client.ts";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { ids } from "../../protocol/ids.ts";
import type { OpenRequest } from "../../protocol/stream.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../../testing/fakes/fake-environment.ts";
import { createFakeRoute } from "../../testing/fakes/fake-route.ts";
import { sse } from "./client.ts";
import { toFrame } from "./frame.ts";

/** A request for a stream and the server's side of its response. */
interface OpenedStream {
  readonly request: OpenRequest;
  readonly isAborted: () => boolean;
  say(text: string): void;
  end(): void;
  break(): void;
}

/** A server whose responses are written by the test. */
function createFakeServer() {
  const opened: OpenedStream[] = [];
  let refusal: Response | undefined;
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    if (refusal !== undefined) return refusal;
    let isAborted = false;
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (it) => {
        controller = it;
      },
    });
    init?.signal?.addEventListener("abort", () => {
      isAborted = true;
      controller?.error(new Error("aborted"));
    });
    opened.push({
      request: JSON.parse(String(init?.body)) as OpenRequest,
      isAborted: () => isAborted,
      say: (text) => controller?.enqueue(new TextEncoder().encode(text)),
      end: () => controller?.close(),
      break: () => controller?.error(new Error("reset")),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  return {
    fetch,
    opened,
    last: () => opened.at(-1) as OpenedStream,
    answerWith: (next: Response) => {
      refusal = next;
    },
  };
}

const connected = toFrame("connected", { v: 1, socketId: "7.7" });

async function setUp() {
  const clock = createFakeClock();
  const server = createFakeServer();
  const received: string[] = [];
  const connection = sse({ fetch: server.fetch, clock }).connect({
    connected: (id) => received.push(`connected ${id}`),
    disconnected: ({ reason, message }) => received.push(`${reason}: ${message}`),
    subscribed: (name) => received.push(`joined ${name}`),
    subscriptionFailed: (name) => received.push(`failed ${name}`),
    event: (...reported) => received.push(reported.join(" ")),
  });
  await clock.advance(0);
  const say = async (text: string) => {
    server.last().say(text);
    await clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, server, received, connection, say };
}

test("E1 the first stream has no channels and returns the socket id, for which the next ones are signed", async () => {
  const { clock, server, received, connection, say } = await setUp();
  expect(server.last().request).toEqual({ v: 1, socketId: null, channels: [] });
  await say(connected + toFrame("subscribed", []));
  expect(received).toEqual(["connected 7.7"]);
  connection.subscribe("private-b", "2");
  connection.subscribe("private-a", "1");
  await clock.advance(15);
  expect(server.opened).toHaveLength(2);
  expect(server.opened[0]?.isAborted()).toBe(true);
  expect(server.last().request).toEqual({
    v: 1,
    socketId: "7.7",
    channels: [
      { wireName: "private-b", auth: "2" },
      { wireName: "private-a", auth: "1" },
    ],
  });
  await say(connected + toFrame("subscribed", ["private-a"]) + toFrame("refused", ["private-b"]));
  expect(received).toEqual(["connected 7.7", "joined private-a", "failed private-b"]);
});

test("E5 added channels open one stream per tick with the whole list, and each channel is acknowledged again", async () => {
  const { clock, server, received, connection, say } = await setUp();
  await say(connected);
  for (const name of ["a", "b", "c"]) connection.subscribe(name, name);
  await clock.advance(15);
  await say(connected + toFrame("subscribed", ["a", "b", "c"]));
  connection.unsubscribe("b");
  await clock.advance(1_000);
  expect(server.opened).toHaveLength(2); // an unsubscribe opens no stream …
  await say(toFrame("signal", ["b", "x.y", "{}"]) + toFrame("signal", ["a", "x.y", "{}"]));
  expect(received.slice(4)).toEqual(["a x.y {}"]); // … and its events are dropped
  connection.subscribe("d", "d");
  connection.subscribe("b", "b2");
  await clock.advance(15);
  expect(server.last().request.channels.map(({ wireName }) => wireName)).toEqual([
    "a",
    "c",
    "d",
    "b",
  ]);
  await say(connected + toFrame("subscribed", ["a", "b", "c", "d"]));
  expect(received.slice(5)).toEqual(["joined a", "joined b", "joined c", "joined d"]);
});

test("E5 channels added while a stream is being opened go into the next one", async () => {
  const { clock, server, connection, say } = await setUp();
  await say(connected);
  connection.subscribe("a", "a");
  await clock.advance(15);
  connection.subscribe("b", "b");
  await clock.advance(1_000);
  expect(server.opened).toHaveLength(2);
  await say(connected + toFrame("subscribed", ["a"]));
  await clock.advance(15);
  expect(server.opened).toHaveLength(3);
  expect(server.last().request.channels).toHaveLength(2);
  connection.subscribe("c", "c");
  connection.unsubscribe("c");
  await say(connected + toFrame("subscribed", ["a", "b"]));
  await clock.advance(1_000);
  expect(server.opened).toHaveLength(3);
});

test("E1 a stream without a frame within 10 s is lost", async () => {
  const { clock, received, server } = await setUp();
  await clock.advance(9_999);
  expect(received).toEqual([]);
  await clock.advance(1);
  expect(received).toEqual([
    "lost: The stream sent nothing within 10 s. Check whether a proxy buffers it.",
  ]);
  expect(server.last().isAborted()).toBe(true);
  expect(clock.pending()).toBe(0);
});

test("E2 heartbeats keep a stream open and are not reported; 35 s of silence end it", async () => {
  const { clock, received, say } = await setUp();
  await say(connected);
  for (let beat = 0; beat < 5; beat += 1) {
    await clock.advance(30_000);
    await say(":\n\n");
  }
  expect(received).toEqual(["connected 7.7"]);
  await clock.advance(34_999);
  expect(received).toHaveLength(1);
  await clock.advance(1);
  expect(received[1]).toBe("lost: The stream was silent for 35 s.");
});

test("frames are parsed from any chunks, between other lines", async () => {
  const { received, say, connection } = await setUp();
  connection.subscribe("a", "a");
  const text = `retry: 5\n\n: hello\n\n${connected}id: 4\n\n${toFrame("signal", ["a", "x.y", '{"v":1}'])}`;
  for (const letter of text) await say(letter);
  expect(received).toEqual(["connected 7.7", 'a x.y {"v":1}']);
});

const html = { "content-type": "text/html" };
const page = "<!doctype html><title>Please sign in</title>";
const ours = (status: number, error: string) => Response.json({ v: 1, error }, { status });

test.each([
  ["401 of the protocol", () => ours(401, "unauthenticated"), "signed-out"],
  ["401 of a proxy", () => new Response(page, { status: 401, headers: html }), "refused"],
  ["401 of another protocol", () => Response.json({ v: 2 }, { status: 401 }), "refused"],
  ["403 of the protocol", () => ours(403, "forbidden_origin"), "refused"],
  ["403 of a firewall", () => new Response(page, { status: 403, headers: html }), "refused"],
  ["200 with a page of HTML", () => new Response(page, { headers: html }), "refused"],
  ["a redirect", () => new Response(null, { status: 302 }), "refused"],
  ["404", () => new Response(null, { status: 404 }), "refused"],
  ["429", () => ours(429, "too_many_requests"), "refused"],
  ["500", () => new Response(null, { status: 500 }), "lost"],
  ["503", () => ours(503, "unavailable"), "lost"],
] as const)(
  "K12 an answer to the stream request (%s) is reported as %s",
  async (_what, answer, reason) => {
    const clock = createFakeClock();
    const server = createFakeServer();
    server.answerWith(answer());
    const reasons: string[] = [];
    const { fetch } = server;
    sse({ fetch, clock }).connect({
      connected: () => {},
      disconnected: (why) => reasons.push(why.reason),
      subscribed: () => {},
      subscriptionFailed: () => {},
      event: () => {},
    });
    await vi.waitFor(() => expect(reasons).toEqual([reason]));
    await clock.advance(60_000);
    expect(reasons).toEqual([reason]);
  },
);

test.each(["end", "break"] as const)(
  "a stream of which the connection does %s is lost, once",
  async (how) => {
    const { clock, server, received, say } = await setUp();
    await say(connected);
    server.last()[how]();
    await clock.advance(0);
    await clock.advance(60_000);
    expect(received).toHaveLength(2);
    expect(received[1]).toMatch(/^lost: The stream (was interrupted|failed)/);
  },
);

test("after close nothing is reported and no timer is left", async () => {
  const { clock, server, received, connection, say } = await setUp();
  await say(connected);
  connection.subscribe("a", "a");
  connection.close();
  connection.close();
  await clock.advance(60_000);
  expect(received).toEqual(["connected 7.7"]);
  expect([server.opened.length, server.last().isAborted(), clock.pending()]).toEqual([1, true, 0]);
});

const channels = defineChannels({
  article: channel("article.{articleId}").signal("comment.created", ids("commentId")),
});

/** A page with the real client over such a stream. */
async function openPage() {
  const clock = createFakeClock();
  const server = createFakeServer();
  const route = createFakeRoute();
  const reports: RealtimeReport[] = [];
  const statuses: string[] = [];
  const client = createRealtimeClient({
    channels,
    transport: sse({ fetch: server.fetch, clock }),
    fetch: route.fetch,
    clock,
    environment: createFakeEnvironment(),
    random: () => 0.5,
    onReport: (report) => reports.push(report),
  });
  client.onStateChange(() => statuses.push(client.getState().status));
  const say = async (text: string) => {
    server.last().say(text);
    await clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
  };
  /** Responds to the stream that is being opened as the hub does. */
  const accept = async () => {
    const names = server.last().request.channels.map(({ wireName }) => wireName);
    await say(connected + toFrame("subscribed", names));
    await clock.advance(60);
  };
  const want = (articleId: string) => client.subscribe(channels.article({ articleId }));
  return { clock, server, route, reports, statuses, client, say, accept, want };
}

test("E3 a stream that ends is replaced by another with new access decisions, and no outage is reported", async () => {
  const { clock, server, route, reports, statuses, client, say, accept, want } = await openPage();
  want("a1");
  await clock.advance(0);
  await accept();
  await accept();
  expect(client.getState().status).toBe("live");
  statuses.length = 0;
  const joins = () => route.requests.filter(({ type }) => type === "join").length;
  const before = joins();
  await say(toFrame("end", null));
  await clock.advance(500);
  expect(server.last().request.socketId).toBeNull();
  await accept();
  await accept();
  expect(statuses).toEqual(["catching-up", "live"]);
  expect([joins() - before, reports]).toEqual([1, []]);
  // No request to sign in either: the stream's request contains the session cookie.
  expect(route.requests.some(({ type }) => type === "sign-in")).toBe(false);
});

test("E3 when no other stream opens, the status is degraded", async () => {
  const { clock, server, client, say, accept, want } = await openPage();
  want("a1");
  await clock.advance(0);
  await accept();
  await accept();
  server.answerWith(ours(503, "unavailable"));
  await say(toFrame("end", null));
  await clock.advance(500);
  expect(client.getState()).toMatchObject({ status: "degraded", cause: "connection" });
});

test("E5 live channels catch up after a stream is opened for an added channel", async () => {
  const { clock, route, client, accept, want } = await openPage();
  want("a1");
  await clock.advance(0);
  await accept();
  await accept();
  want("a2");
  await clock.advance(40);
  await accept();
  const asked = route.requests.filter(({ type }) => type === "catch-up").at(-1);
  expect(JSON.stringify(asked)).toContain("article.a1");
  expect(JSON.stringify(asked)).toContain("article.a2");
  expect(client.getState().status).toBe("live");
});

test("K5 a 401 signs the client out permanently", async () => {
  const { clock, server, reports, client, want } = await openPage();
  server.answerWith(ours(401, "unauthenticated"));
  want("a1");
  await clock.advance(60_000);
  expect(client.getState()).toMatchObject({ status: "offline", reason: "signed-out" });
  expect([reports, clock.pending()]).toEqual([[{ type: "signed-out" }], 0]);
});
