import { expect, test } from "vitest";
import type { BrowserUsage } from "./metrics-registry.ts";
import { createUsageHandler } from "./usage-handler.ts";

const origin = "https://inkwell.test";

function setUp() {
  const received: BrowserUsage[] = [];
  let refused = 0;
  const handle = createUsageHandler({
    getSession: async (request) => request.headers.get("cookie") || null,
    allowedOrigins: [origin],
    onUsage: (usage) => received.push(usage),
    onRefusal: () => {
      refused += 1;
    },
  });
  const send = async (body: unknown, headers: Record<string, string> = {}) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const given = {
      origin,
      cookie: "session-1",
      "content-type": "application/json",
      "content-length": String(text.length),
      ...headers,
    };
    const init = { method: "POST", headers: given, body: text };
    return (await handle(new Request(`${origin}/api/usage`, init))).status;
  };
  return { received, refused: () => refused, send };
}

test("a report is two numbers", async () => {
  const { received, send } = setUp();
  expect(await send({ signals: 12, fetches: 4 })).toBe(204);
  expect(received).toEqual([{ signals: 12, fetches: 4 }]);
});

test.each([
  ["nothing", "", 400],
  ["no JSON", "{", 400],
  ["a word", { signals: "12", fetches: 4 }, 400],
  ["a negative number", { signals: -1, fetches: 0 }, 400],
  ["a fraction", { signals: 0.5, fetches: 0 }, 400],
  ["more than a page can receive", { signals: 1_000_001, fetches: 0 }, 400],
  ["more than two numbers", { signals: 1, fetches: 1, page: "/drafts/7" }, 400],
  ["a long body", { signals: 1, fetches: 1, padding: "x".repeat(300) }, 413],
])("%s is refused", async (_what, body, status) => {
  const { received, refused, send } = setUp();
  expect(await send(body)).toBe(status);
  expect(received).toEqual([]);
  expect(refused()).toBe(1);
});

test("reports from another origin, of another type, without a length or without a session are refused", async () => {
  const { received, send } = setUp();
  const body = { signals: 1, fetches: 1 };
  expect(await send(body, { origin: "https://evil.test" })).toBe(403);
  expect(await send(body, { origin: "null" })).toBe(403);
  expect(await send(body, { "content-type": "text/plain" })).toBe(415);
  expect(await send(body, { "content-length": "100000" })).toBe(413);
  expect(await send(body, { cookie: "" })).toBe(401);
  expect(received).toEqual([]);
});

test("a session that reports in a loop is rate limited, and other sessions are not", async () => {
  const { received, send } = setUp();
  const body = { signals: 1, fetches: 1 };
  const statuses = [];
  for (let report = 0; report < 6; report += 1) statuses.push(await send(body));
  expect(statuses).toEqual([204, 204, 204, 204, 429, 429]);
  expect(await send(body, { cookie: "session-2" })).toBe(204);
  expect(received).toHaveLength(5);
});
