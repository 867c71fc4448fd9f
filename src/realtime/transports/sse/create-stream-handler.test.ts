import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test, vi } from "vitest";
import type { RelayHealth } from "../../server/relay/relay-events.ts";
import type { Viewer } from "../../server/viewer.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createStreamHandler } from "./create-stream-handler.ts";
import { createSseHub } from "./hub.ts";
import type { StreamHandlerOptions } from "./stream-gate.ts";

const origin = "https://inkwell.test";
const url = `${origin}/api/realtime/stream`;
const leading = { state: "leading" } as RelayHealth;

function setUp(options: Partial<StreamHandlerOptions> = {}) {
  const clock = createFakeClock();
  const hub = createSseHub({
    secret: "a secret of at least 32 characters",
    clock,
    now: clock.now,
    random: () => 0,
  });
  const errors: unknown[] = [];
  const codes: string[] = [];
  const handle = createStreamHandler({
    hub,
    relay: { health: () => leading },
    getViewer: async () => ({ id: "ada" }),
    allowedOrigins: [origin],
    onError: (error) => errors.push(error),
    onAnswer: (answer) => codes.push(answer.type === "refused" ? answer.code : answer.type),
    ...options,
  });
  const request = (headers: Record<string, string> = {}, rest: RequestInit = {}) =>
    new Request(url, {
      method: "POST",
      headers: { "content-type": "application/json", origin, ...headers },
      body: '{"v":1,"socketId":null,"channels":[]}',
      ...rest,
    });
  return { clock, hub, errors, codes, handle, request };
}

test("the headers of a stream forbid caching, buffering and compression", async () => {
  const { handle, request } = setUp();
  const response = await handle(request());
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toEqual({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
  });
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  expect(new TextDecoder().decode(value)).toMatch(
    /^event: connected\ndata: \{"v":1,"socketId":"\d+\.\d+"\}\n\n/,
  );
  await reader?.cancel();
});

test.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])("E8 %s opens nothing", async (method) => {
  const { hub, handle } = setUp();
  const response = await handle(new Request(url, { method }));
  expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  expect(hub.size().streams).toBe(0);
});

test.each([
  ["another origin", { origin: "https://evil.test" }, 403],
  ["another site", { "sec-fetch-site": "cross-site" }, 403],
  ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415],
  ["too much", { "content-length": String(64 * 1024 + 1) }, 413],
])("E8 a request of %s opens nothing", async (_what, headers, status) => {
  const { hub, handle, request } = setUp();
  expect((await handle(request(headers))).status).toBe(status);
  expect(hub.size().streams).toBe(0);
});

test.each([
  "",
  "[",
  "7",
  "{}",
  '{"v":1}',
  '{"v":2,"socketId":null,"channels":[]}',
  '{"v":1,"socketId":"x","channels":[]}',
  '{"v":1,"socketId":null,"channels":[{"wireName":"a"}]}',
  '{"v":1,"socketId":null,"channels":[{"wireName":7,"auth":"b"}]}',
  '{"v":1,"v":1,"socketId":null,"channels":[]}',
  `{"v":1,"socketId":null,"channels":[{"wireName":"${"a".repeat(165)}","auth":"b"}]}`,
])("the body %j is a bad request", async (body) => {
  const { hub, handle, request } = setUp();
  expect((await handle(request({}, { body }))).status).toBe(400);
  expect(hub.size().streams).toBe(0);
});

test("E8 without a session the status is 401, and 503 when reading the session fails", async () => {
  const nobody = setUp({ getViewer: async () => null });
  expect((await nobody.handle(nobody.request())).status).toBe(401);
  const error = new Error("no database");
  const unsure = setUp({ getViewer: () => Promise.reject(error) });
  expect((await unsure.handle(unsure.request())).status).toBe(503);
  expect([unsure.errors, unsure.codes]).toEqual([[error], ["unavailable"]]);
});

test("E8 too many requests of a session are answered with 429 and the time to wait", async () => {
  let viewer: Viewer = { id: "ada", sessionId: "s1" };
  const { handle, request } = setUp({
    getViewer: async () => viewer,
    rateLimit: { take: (session) => (session === "s1" ? 2_500 : 0) },
  });
  const response = await handle(request());
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "3"]);
  viewer = { id: "ada", sessionId: "s2" };
  expect((await handle(request())).status).toBe(200);
});

test("no stream is opened while the relay does not follow the log", async () => {
  let health: RelayHealth = { ...leading, state: "connecting" };
  const { hub, handle, request } = setUp({ relay: { health: () => health } });
  expect((await handle(request())).status).toBe(503);
  health = leading;
  expect((await handle(request())).status).toBe(200);
  expect(hub.size().streams).toBe(1);
});

test.each(["1;drop", "-1", "99999999999999999999", "a".repeat(10_000), "%0d%0aevent: end"])(
  "E11 Last-Event-ID is not read: %.20s changes nothing",
  async (lastEventId) => {
    const { hub, errors, handle, request } = setUp();
    expect((await handle(request({ "last-event-id": lastEventId }))).status).toBe(200);
    expect([hub.size().streams, errors]).toEqual([1, []]);
  },
);

test("E7 a client that disconnects before the response leaves nothing, at any step", async () => {
  let answer = (_viewer: Viewer) => {};
  const { hub, handle, request } = setUp({
    getViewer: () => new Promise((resolve) => (answer = resolve)),
  });
  const gone = new AbortController();
  const response = handle(request({}, { signal: gone.signal }));
  await Promise.resolve();
  gone.abort();
  answer({ id: "ada" });
  await response;
  expect(hub.size().streams).toBe(0);
});

test("E7 an abort, a cancelled body, and both remove the stream", async () => {
  const { clock, hub, handle, request } = setUp();
  const [one, two] = [new AbortController(), new AbortController()];
  const first = await handle(request({}, { signal: one.signal }));
  const second = await handle(request({}, { signal: two.signal }));
  const third = await handle(request());
  expect(hub.size().streams).toBe(3);
  one.abort(); // before a byte was read
  expect(hub.size().streams).toBe(2);
  await second.body?.cancel();
  two.abort();
  expect(hub.size().streams).toBe(1);
  await third.body?.cancel();
  await first.body?.cancel();
  expect([hub.size().streams, clock.pending()]).toEqual([0, 0]);
});

test("E7 a client that disconnects after its stream has ended changes nothing", async () => {
  const { hub, handle, request } = setUp();
  const gone = new AbortController();
  const response = await handle(request({}, { signal: gone.signal }));
  hub.close();
  gone.abort();
  expect(await response.text()).toMatch(/event: end\ndata: null\n\n$/);
});

test("E6 unread bytes of a slow client stay below the limit, and its response is aborted", async () => {
  const { hub, handle, request } = setUp();
  const open = await handle(request());
  const { socketId } = JSON.parse(
    /data: (.*)/.exec(
      new TextDecoder().decode((await open.body?.getReader().read())?.value),
    )?.[1] ?? "",
  ) as { socketId: string };
  const auth = await hub.signJoin(socketId, "private-a.e0", { id: "ada" });
  const channels = [{ wireName: "private-a.e0", auth }];
  const response = await handle(
    request({}, { body: JSON.stringify({ v: 1, socketId, channels }) }),
  );
  expect(hub.size()).toEqual({ streams: 2, subscriptions: 1 });
  let sent = 0;
  while (hub.size().subscriptions === 1) {
    hub.send("private-a.e0", "a.b", "x".repeat(1_000));
    await Promise.resolve();
    sent += 1;
  }
  expect(sent).toBeLessThan(70);
  await expect(response.text()).rejects.toThrow("too slow");
});

test("E12 a stream is checked by the cookie of its own request, also when another stream started the timer", async () => {
  const cookies = new AsyncLocalStorage<string>();
  const seen: string[] = [];
  const signedOut = new Set<string>();
  const { clock, hub, handle, request } = setUp({
    getViewer: async () => {
      const session = cookies.getStore() ?? "no cookie";
      seen.push(session);
      return signedOut.has(session) ? null : { id: session, sessionId: session };
    },
  });
  const open = (session: string) => cookies.run(session, () => handle(request()));
  const responses = [await open("ada"), await open("bob")];
  seen.length = 0;
  await cookies.run("a passer-by", () => clock.advance(60_000));
  expect(seen).toEqual(["ada", "bob"]);
  signedOut.add("bob");
  await clock.advance(60_000);
  expect(hub.size().streams).toBe(1);
  signedOut.add("ada");
  await clock.advance(60_000);
  expect(hub.size().streams).toBe(0);
  await Promise.all(responses.map((response) => response.body?.cancel()));
});

test("E12 a stream is ended and dropped in the async context of its own request", async () => {
  const { clock, hub } = setUp();
  const request = new AsyncLocalStorage<string>();
  const log: (readonly [string, string | undefined])[] = [];
  const open = (name: string, id: string, queuedBytes = 0) =>
    request.run(name, () =>
      hub.open({
        viewer: { id },
        request: { v: 1, socketId: null, channels: [] },
        isValid: async () => true,
        sink: {
          write: () => {},
          queuedBytes: () => queuedBytes,
          end: () => log.push([`end ${name}`, request.getStore()]),
          drop: () => log.push([`drop ${name}`, request.getStore()]),
        },
      }),
    );
  open("first", "ada");
  open("second", "bob");
  open("third", "cleo");
  open("slow", "dan", 64 * 1024 + 1);
  await request.run("terminating", () => hub.terminate("bob"));
  await clock.advance(30_000);
  request.run("closing", () => hub.close());
  expect(new Set(log)).toEqual(
    new Set([
      ["drop slow", "slow"],
      ["end second", "second"],
      ["end first", "first"],
      ["end third", "third"],
    ]),
  );
});

test("E13 too many streams are 429 with Retry-After, also where hub and route are of two bundles", async () => {
  vi.resetModules();
  const copy = await import("./hub.ts");
  expect(copy.createSseHub).not.toBe(createSseHub);
  const hub = copy.createSseHub({
    secret: "a secret of at least 32 characters",
    streamsPerSession: 1,
  });
  const { errors, codes, handle, request } = setUp({ hub });
  const first = await handle(request());
  const second = await handle(request());
  expect([second.status, second.headers.get("retry-after")]).toEqual([429, "5"]);
  expect(await second.json()).toEqual({ v: 1, error: "too_many_requests" });
  expect([errors, codes]).toEqual([[], ["too_many_requests"]]);
  await first.body?.cancel();
  hub.close();
});

test("E13 an error of an HTTP client with the same name is not treated as a refusal", async () => {
  const failure = Object.assign(new Error("no route"), { name: "RequestError", code: "ENOTFOUND" });
  const { errors, handle, request } = setUp({ getViewer: () => Promise.reject(failure) });
  expect((await handle(request())).status).toBe(503);
  expect(errors).toEqual([failure]);
});
