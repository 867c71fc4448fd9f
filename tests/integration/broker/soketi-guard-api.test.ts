import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type RunningSoketi, startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import { guardModes } from "../../support/broker/guard-modes.ts";
import { openRawSocket } from "../../support/broker/raw-socket.ts";
import { type SignedRequest, signedRequest } from "../../support/broker/signed-request.ts";

const event = { name: "room.changed", channel: "private-room.api.e0", data: "{}" };
const seconds = (offset: number) => String(Math.floor(Date.now() / 1000) + offset);
/** The first app of soketi.json, which every Soketi of these tests has. */
const app = { appId: "inkwell", key: "inkwell-key" };

const flip = (text: string, from: RegExp, to: string) => {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return changed;
};
const signature = /auth_signature=[0-9a-f]{64}/;

const unauthorized: Record<string, SignedRequest> = {
  "no parameter at all": { path: "/events", body: event, tamper: () => ({ query: "" }) },
  "no signature": {
    path: "/events",
    body: event,
    tamper: ({ query }) => ({ query: flip(query, signature, "a=b") }),
  },
  "an empty signature": {
    path: "/events",
    body: event,
    tamper: ({ query }) => ({ query: flip(query, signature, "auth_signature=") }),
  },
  "a signature without a value": {
    path: "/events",
    body: event,
    tamper: ({ query }) => ({ query: flip(query, signature, "auth_signature") }),
  },
  "a wrong signature": {
    path: "/events",
    body: event,
    tamper: ({ query }) => ({ query: flip(query, signature, `auth_signature=${"0".repeat(64)}`) }),
  },
  "a signature cut off": {
    path: "/events",
    body: event,
    tamper: ({ query }) => ({ query: query.slice(0, -1) }),
  },
  "a signature with a tail": {
    path: "/events",
    body: event,
    tamper: ({ query }) => ({ query: `${query}0` }),
  },
  "a signature in capitals": {
    path: "/events",
    body: event,
    tamper: ({ query }) => ({
      query: query.replace(/(?<=auth_signature=).*/, (hex) => `A${hex.slice(1).toUpperCase()}`),
    }),
  },
  "a signature by another secret": { path: "/events", body: event, secret: "another secret" },
  "another body than was signed": {
    path: "/events",
    body: event,
    tamper: () => ({ body: JSON.stringify({ ...event, data: "forged" }) }),
  },
  "another path than was signed": {
    path: "/events",
    body: { batch: [event] },
    tamper: () => ({ path: `/apps/${app.appId}/batch_events` }),
  },
  "a parameter more than was signed": {
    path: "/events",
    body: event,
    tamper: ({ query }) => ({ query: `${query}&info=user_count` }),
  },
  "a timestamp of eleven minutes ago": {
    path: "/events",
    body: event,
    query: { auth_timestamp: seconds(-660) },
  },
  "a timestamp in eleven minutes": {
    path: "/events",
    body: event,
    query: { auth_timestamp: seconds(660) },
  },
  "a timestamp that is no number": {
    path: "/events",
    body: event,
    query: { auth_timestamp: "now" },
  },
  "an endless timestamp": { path: "/events", body: event, query: { auth_timestamp: "Infinity" } },
  "the key of somebody else": { path: "/events", body: event, query: { auth_key: "other-key" } },
  "another version of signing": { path: "/events", body: event, query: { auth_version: "2.0" } },
  "the key twice": {
    path: "/events",
    body: event,
    tamper: ({ query }) => ({ query: `${query}&auth_key=${app.key}` }),
  },
  "the signature twice": {
    path: "/events",
    body: event,
    tamper: ({ query }) => ({ query: `${query}&${query.split("&").at(-1)}` }),
  },
  "the timestamp twice": {
    path: "/events",
    body: event,
    tamper: ({ query }) => ({ query: `auth_timestamp=1&${query}` }),
  },
  "a parameter as a list": {
    path: "/events",
    body: event,
    tamper: ({ query }) => ({ query: `${query}&auth_key[]=a` }),
  },
  "no signature, asking who is there": {
    method: "GET",
    path: "/channels",
    tamper: () => ({ query: "" }),
  },
  "no signature, ending people's connections": {
    path: "/users/ada/terminate_connections",
    body: {},
    tamper: () => ({ query: "" }),
  },
};

const badBodies: Record<string, readonly [string, unknown]> = {
  nothing: ["/events", ""],
  "no JSON": ["/events", "{"],
  null: ["/events", "null"],
  "a list": ["/events", "[]"],
  "a number": ["/events", "1"],
  "no name": ["/events", { ...event, name: undefined }],
  "a name that is an object": ["/events", { ...event, name: { length: 1 } }],
  "a name with a line break": ["/events", { ...event, name: "a\nb" }],
  "a name of 201 characters": ["/events", { ...event, name: "a".repeat(201) }],
  "no data": ["/events", { ...event, data: undefined }],
  "data that is an object": ["/events", { ...event, data: {} }],
  "no channel": ["/events", { ...event, channel: undefined }],
  "a channel that is a list": ["/events", { ...event, channel: [event.channel] }],
  "channels as text, which hangs Soketi": ["/events", { ...event, channels: "a" }],
  "channels as an object": ["/events", { ...event, channels: { length: 1 } }],
  "no channels": ["/events", { ...event, channels: [] }],
  "101 channels": ["/events", { ...event, channels: Array(101).fill(event.channel) }],
  "a channel that begins with #": ["/events", { ...event, channel: "#private-a" }],
  "a user's channel without a user": ["/events", { ...event, channel: "#server-to-user-" }],
  "an empty channel": ["/events", { ...event, channel: "" }],
  "a channel with a path in it": ["/events", { ...event, channel: "private-a b/../c" }],
  "a socket id that is an object": ["/events", { ...event, socket_id: {} }],
  "a batch that is missing": ["/batch_events", {}],
  "a batch that is text": ["/batch_events", { batch: "a" }],
  "a batch with null in it": ["/batch_events", { batch: [event, null] }],
  "a batch with one bad event": ["/batch_events", { batch: [event, { ...event, name: 1 }] }],
  "a batch of eleven": ["/batch_events", { batch: Array(11).fill(event) }],
};

describe.each(guardModes)("a guard that $mode", ({ allow }) => {
  let soketi: RunningSoketi;
  const send = (request: SignedRequest) => signedRequest(soketi, request);
  beforeAll(async () => {
    soketi = await startSoketi({ allow });
  });
  afterAll(() => soketi.stop());

  let bystander: Awaited<ReturnType<typeof openRawSocket>>;
  beforeEach(async () => {
    bystander = await openRawSocket(soketi);
  });
  /** The process is alive and has kept its sockets after each request. */
  afterEach(async () => {
    bystander.send({ event: "pusher:ping" });
    await bystander.received("pusher:pong");
    await bystander.close();
  });

  test("a signed event and a signed batch are accepted, with 200 and ok in the body", async () => {
    for (const request of [
      { path: "/events", body: event },
      { path: "/events", body: { ...event, channel: undefined, channels: [event.channel] } },
      { path: "/batch_events", body: { batch: [event, event] } },
      { path: "/events", body: event, query: { auth_timestamp: seconds(-590) } },
      { path: "/users/ada/terminate_connections", body: {} },
      { path: "/users/__proto__/terminate_connections", body: "no JSON" },
    ]) {
      const response = await send(request);
      expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
    }
  });

  test.each(Object.entries(unauthorized))(
    "G7 a request with %s is answered with 401",
    async (_what, request) => {
      const response = await send(request);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 401 });
    },
  );

  test.each(["other", "__proto__", "constructor", "..%2finkwell", "%00"])(
    "the app %j is answered with 404",
    async (appId) => {
      const response = await send({ appId, path: "/events", body: event });
      expect(response.status).toBe(404);
    },
  );

  test.each([
    ["GET", "/events"],
    ["PUT", "/events"],
    ["DELETE", "/channels"],
    ["OPTIONS", "/events"],
    ["POST", "/nothing"],
  ])("%s %s is not there: 404, and no page of any origin may read it", async (method, path) => {
    const response = await send({ method, path });
    expect(response.status).toBe(404);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  test.each(Object.entries(badBodies))(
    "G7 a signed body with %s is answered with 400",
    async (_what, [path, body]) => {
      const response = await send({ path, body });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 400 });
    },
  );

  test("bodies above 128 KB and data above 10 KB are answered with 413", async () => {
    const tooBig = { ...event, data: "x".repeat(129 * 1024) };
    expect((await send({ path: "/events", body: tooBig })).status).toBe(413);
    const data = { ...event, data: "x".repeat(11 * 1024) };
    expect((await send({ path: "/events", body: data })).status).toBe(413);
    expect((await send({ path: "/batch_events", body: { batch: [data] } })).status).toBe(413);
  });

  test("G7 an unsigned request with an invalid body is answered with 401 without details of the body", async () => {
    const response = await send({ path: "/events", body: "{", secret: "another secret" });
    expect(response.status).toBe(401);
  });
});
