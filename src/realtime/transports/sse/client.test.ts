import { expect, test, vi } from "vitest";
import {
  connected,
  createFakeServer,
  ours,
  setUp,
} from "../../../../tests/support/rigs/stream-rig.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { sse } from "./client.ts";
import { toFrame } from "./frame.ts";

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

test("E5 a channel beyond 200 is refused without another stream, until another channel is left", async () => {
  const { clock, server, received, connection, say } = await setUp();
  await say(connected);
  const names = Array.from({ length: 200 }, (_, index) => `private-room.${index}.e0`);
  for (const name of names) connection.subscribe(name, "a");
  await clock.advance(15);
  await say(connected + toFrame("subscribed", names));
  for (let attempt = 0; attempt < 3; attempt += 1) {
    connection.subscribe("private-room.200.e0", "a");
    connection.unsubscribe("private-room.200.e0");
    await clock.advance(1_000);
  }
  expect(received.slice(201)).toEqual(Array(3).fill("failed private-room.200.e0"));
  expect(server.opened).toHaveLength(2);
  expect(server.last().isAborted()).toBe(false);
  connection.unsubscribe("private-room.7.e0");
  connection.subscribe("private-room.200.e0", "a");
  await clock.advance(15);
  expect(server.opened).toHaveLength(3);
  expect(server.last().request.channels).toHaveLength(200);
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
