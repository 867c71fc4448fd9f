import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createBrokerGroup } from "../../server/broker-group.ts";
import { createPusherBroker, createWebhookHandler, type WebhookEvent } from "./server.ts";

interface Credentials {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
}
const appOf = (name: string): Credentials => ({
  appId: name,
  key: `${name}-key`,
  secret: `${name}-secret`,
});
const [current, accepted, retired] = [appOf("current"), appOf("accepted"), appOf("retired")];
const serve = (app: Credentials) => ({
  key: app.key,
  broker: createPusherBroker({ ...app, tls: false }),
});
const apps = [serve(current), serve(accepted)] as const;
const group = createBrokerGroup({ start: apps, read: async () => apps });

let reported: WebhookEvent[];
beforeEach(() => {
  reported = [];
});
afterEach(() => {
  for (const { broker } of apps) broker.close();
});

const handle = createWebhookHandler({
  broker: group,
  onEvents: (events) => void reported.push(...events),
});
const vacated = { name: "channel_vacated", channel: "private-room.a.e3" };
const bodyOf = (...events: readonly object[]) => JSON.stringify({ time_ms: Date.now(), events });
const post = async (body: string, headers: Record<string, string>) =>
  (await handle(new Request("http://site.test/", { method: "POST", body, headers }))).status;
const signedBy = ({ key, secret }: Credentials, body: string) => ({
  "x-pusher-key": key,
  "x-pusher-signature": createHmac("sha256", secret).update(body).digest("hex"),
});

test("Y6 events signed by a served app are reported with contract names; other channels are ignored", async () => {
  const body = bodyOf(
    vacated,
    { name: "channel_vacated", channel: "chat" },
    { name: 1 },
    null as never,
  );
  expect(await post(body, signedBy(current, body))).toBe(204);
  expect(reported).toEqual([{ name: "channel_vacated", channel: "room.a" }]);
});

test("Y6 webhooks of all served apps are accepted during a key rotation, those of a retired app are not", async () => {
  const body = bodyOf(vacated);
  expect(await post(body, signedBy(accepted, body))).toBe(204);
  expect(await post(body, signedBy(retired, body))).toBe(401);
  expect(reported).toHaveLength(1);
});

test("Y6 an unsigned webhook is refused and reports nothing", async () => {
  const body = bodyOf(vacated);
  const other = bodyOf({ ...vacated, channel: "private-room.b.e0" });
  const signed = signedBy(current, body);
  expect(await post(other, signed)).toBe(401);
  expect(await post(body, { ...signed, "x-pusher-key": accepted.key })).toBe(401);
  expect(await post(body, { ...signed, "x-pusher-signature": "" })).toBe(401);
  expect(await post(body, {})).toBe(401);
  expect(reported).toEqual([]);
});

test("a body above 64 kB is 413, and a body that is not a webhook is 400", async () => {
  const long = "x".repeat(65 * 1024);
  expect(await post(long, signedBy(current, long))).toBe(413);
  for (const body of ["", "{", "[]", "null", '{"events":1}', '{"events":[]}', '{"time_ms":1}']) {
    expect(await post(body, signedBy(current, body))).toBe(400);
  }
  expect(reported).toEqual([]);
});

test("Y7 a webhook that is more than five minutes old, or from the future, is refused", async () => {
  const at = 1_800_000_000_000;
  const body = JSON.stringify({ time_ms: at, events: [vacated] });
  const sent = { method: "POST", body, headers: signedBy(current, body) };
  const statusAt = async (nowMs: number) => {
    const handler = createWebhookHandler({
      broker: group,
      onEvents: (events) => void reported.push(...events),
      now: () => nowMs,
    });
    return (await handler(new Request("http://site.test/", sent))).status;
  };
  expect(await statusAt(at + 300_001)).toBe(401);
  expect(await statusAt(at - 300_001)).toBe(401);
  expect(reported).toEqual([]);
  expect([await statusAt(at + 300_000), await statusAt(at - 300_000)]).toEqual([204, 204]);
});
