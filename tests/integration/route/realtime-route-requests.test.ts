import { limits } from "querycast";
import { routeHandlers } from "querycast/next";
import { createTokenBucket } from "querycast/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { channelAttacks } from "../../support/hostile/channel-attacks.ts";
import {
  catchingUp,
  createRouteRig,
  type Init,
  joining,
  origin,
  type RouteRig,
  signatures,
  socketId,
} from "../../support/rigs/route-rig.ts";

let rig: RouteRig;
beforeAll(async () => {
  rig = await createRouteRig();
});
afterAll(() => rig.close());

test.each([
  ["empty", ""],
  ["one number", "1"],
  ["a colon", "1.1:"],
  ["a newline", "1.1\n"],
  ["a channel", "1.1:private-x"],
  ["a user", '1.1::user::{"id":"ada"}'],
  ["full-width digits", "１.１"],
  ["400 digits", `${"1".repeat(200)}.${"1".repeat(200)}`],
  ["NUL", "1.1\0"],
  ["a list", ["1.1"]],
  ["a number", 1.1],
  ["an object", { id: "1.1" }],
  ["nothing", undefined],
  ["null", null],
])("A4 a socket id that is %s is refused with 400, and nothing is signed", async (_what, id) => {
  for (const body of [
    joining(["user.bob"], { socketId: id }),
    { v: 1, type: "sign-in", socketId: id },
  ]) {
    const { status, text } = await rig.send({ body });
    expect(status).toBe(400);
    expect(text).toBe('{"v":1,"error":"bad_request"}');
  }
});

test.each(channelAttacks)(
  "A4 the channel %j is refused before any SQL, and nothing is signed",
  async (name) => {
    rig.statements.splice(0);
    for (const body of [joining([name]), catchingUp({ [name]: null })]) {
      const { status, text } = await rig.send({ body });
      // Names such as "user.1" are valid, but belong to other users.
      expect([400, 403]).toContain(status);
      expect(text).not.toMatch(signatures);
    }
    expect(rig.statements).toEqual([]);
  },
);

test.each([
  ["a number", 1],
  ["null", null],
  ["a list", ["user.bob"]],
  ["an object", { name: "user.bob" }],
  ["165 characters", `user.${"a".repeat(160)}`],
])("a channel that is %s is refused with 400", async (_what, name) => {
  expect((await rig.send({ body: joining([name]) })).status).toBe(400);
});

test.each([
  ["no JSON", "{"],
  ["an empty body", ""],
  ["null", "null"],
  ["a list", "[]"],
  ["text", '"join"'],
  ["200,000 brackets", "[".repeat(20_000)],
  ["no type", '{"v":1}'],
  ["an unknown type", '{"v":1,"type":"leave"}'],
  ["a type that every object has", '{"v":1,"type":"constructor"}'],
  ["a version that is text", '{"v":"1","type":"join"}'],
  [
    "a key twice",
    `{"v":1,"type":"join","socketId":"1.1","socketId":"2.2","channels":["user.bob"]}`,
  ],
  [
    "a list twice",
    `{"v":1,"type":"join","socketId":"1.1","channels":["user.bob"],"channels":["user.ada"]}`,
  ],
  ["no channels", JSON.stringify(joining([]))],
  [
    "101 channels",
    JSON.stringify(joining(Array.from({ length: 101 }, (_, index) => `user.${index}`))),
  ],
  ["a channel twice", JSON.stringify(joining(["user.bob", "user.bob"]))],
  ["channels as text", JSON.stringify({ ...joining([]), channels: "user.bob" })],
  ["a prototype", '{"__proto__":{"v":1,"type":"join","socketId":"1.1","channels":["user.bob"]}}'],
  ["questions without a cursor", '{"v":1,"type":"catch-up","channels":[{"channel":"user.bob"}]}'],
  [
    "a cursor that is a list",
    '{"v":1,"type":"catch-up","channels":[{"channel":"user.bob","cursor":[]}]}',
  ],
  ["bytes that are not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d])],
])("a body with %s is refused with 400", async (_what, raw) => {
  const { status, text } = await rig.send({ raw });
  expect(status).toBe(400);
  expect(text).not.toMatch(signatures);
});

test("a batch of 10,000 channels is refused for its size before any channel is checked", async () => {
  rig.statements.splice(0);
  const names = Array.from({ length: 10_000 }, (_, index) => `article.${index}`);
  for (const body of [
    joining(names),
    catchingUp(Object.fromEntries(names.map((each) => [each, null]))),
  ]) {
    expect((await rig.send({ body })).status).toBe(413);
  }
  expect(rig.statements).toEqual([]);
});

test("another protocol version is refused with an error code, so that the page can reload", async () => {
  const { status, body } = await rig.send({ body: joining(["user.bob"], { v: 2 }) });
  expect([status, body.error]).toEqual([400, "unsupported_version"]);
});

test("a body of 2 MB is refused with 413 before it is read, with and without a declared length", async () => {
  const declared = await rig.send({
    raw: "x".repeat(2_000_000),
    headers: { "content-length": "2000000" },
  });
  expect(declared.status).toBe(413);
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled += 1;
      controller.enqueue(new Uint8Array(8192).fill(0x20));
    },
  });
  expect((await rig.send({ raw: endless })).status).toBe(413);
  expect(pulled).toBeLessThan(20);
  const largest = JSON.stringify(joining(["user.bob"])).padEnd(limits.requestBytes, " ");
  expect((await rig.send({ raw: largest })).status).toBe(200);
});

test.each([
  ["foreign", { origin: "https://evil.test" }],
  ["null", { origin: "null" }],
  ["a suffix of ours", { origin: "https://evil-inkwell.test" }],
  ["ours with a suffix", { origin: `${origin}.evil.test` }],
  ["ours without TLS", { origin: "http://inkwell.test" }],
  ["ours on another port", { origin: `${origin}:8443` }],
  ["ours in capitals", { origin: "https://INKWELL.test" }],
  ["ours, from another site", { origin, "sec-fetch-site": "cross-site" }],
])("an origin that is %s is refused with 403", async (_what, headers) => {
  const { status, body } = await rig.send({ body: joining(["user.bob"]), headers });
  expect([status, body.error]).toEqual([403, "forbidden_origin"]);
});

test.each([
  "text/plain",
  "multipart/form-data",
  "application/x-www-form-urlencoded",
  "application/jsonp",
  "",
])("a body of type %j, which a foreign page could send, is refused with 415", async (type) => {
  const { status } = await rig.send({
    body: joining(["user.bob"]),
    headers: { "content-type": type },
  });
  expect(status).toBe(415);
});

test("every method except POST is answered with 405, also by Next", async () => {
  const methods = routeHandlers(rig.route);
  for (const method of ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"] as const) {
    const response = await methods[method](
      new Request(`${origin}/api/realtime?callback=steal`, {
        method,
        headers: { cookie: "session=bob" },
      }),
    );
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await response.json()).toEqual({ v: 1, error: "method_not_allowed" });
  }
  expect(methods.POST).toBe(rig.route);
});

test("no response may be cached", async () => {
  const answers: Init[] = [
    { body: joining(["user.bob"]) },
    { body: joining(["user.ada"]) },
    { body: "nonsense" },
    { body: joining(["user.bob"]), headers: { cookie: "" } },
    { body: joining(["user.bob"]), headers: { origin: "null" } },
  ];
  for (const init of answers) {
    const { headers } = await rig.send(init);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-type")).toContain("application/json");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test("a flood is answered with 429 and Retry-After, per session", async () => {
  const flooded = rig.createRoute({ rateLimit: createTokenBucket() });
  const answers = await Promise.all(
    Array.from({ length: 300 }, () =>
      rig.send({ body: { v: 1, type: "sign-in", socketId } }, flooded),
    ),
  );
  const statuses = answers.map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  expect(statuses.filter((status) => status === 200).length).toBeLessThan(120);
  const refused = answers.find(({ status }) => status === 429);
  expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
  const other = await rig.send(
    { body: { v: 1, type: "sign-in", socketId }, headers: { cookie: "session=ada" } },
    flooded,
  );
  expect(other.status).toBe(200);
});
