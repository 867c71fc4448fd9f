import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { beforeEach, expect, test, vi } from "vitest";

const key = `signkey-test-${"0123456789abcdef".repeat(4)}`;

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("INNGEST_DEV", "");
  vi.stubEnv("NODE_ENV", "production");
  vi.stubEnv("INNGEST_SIGNING_KEY", key);
  vi.stubEnv("INNGEST_EVENT_KEY", "an event key that nobody may read");
  vi.stubEnv("NEXTAUTH_SECRET", "a secret of at least 32 characters");
  vi.stubEnv("NEXTAUTH_URL", "https://inkwell.test");
  vi.stubEnv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing");
});

type Handler = (request: Request, context: unknown) => Promise<Response>;
async function call(method: "GET" | "POST" | "PUT", init: RequestInit = {}, query = "") {
  const route = (await import("../../../app/api/inngest/route.ts")) as Record<string, unknown>;
  const { NextRequest } = await import("next/server");
  const address = `https://inkwell.test/api/inngest${query}`;
  const request = new NextRequest(address, { method, ...init } as never);
  return (route[method] as Handler)(request as never, { params: Promise.resolve({}) });
}

const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;
const body = '{"event":{},"events":[{}],"ctx":{},"steps":{}}';
const unsigned: Record<string, RequestInit> = {
  "no signature": {},
  "a signature of nothing": { headers: { "x-inngest-signature": "" } },
  "a wrong signature": {
    headers: { "x-inngest-signature": `t=${seconds(0)}&s=${"0".repeat(64)}` },
  },
  "an old time": { headers: { "x-inngest-signature": `t=${seconds(-3600)}&s=${"0".repeat(64)}` } },
  "no time": { headers: { "x-inngest-signature": `s=${"0".repeat(64)}` } },
};

test.each(Object.entries(unsigned))(
  "in production the job runner's route answers a request with %s with 401 and no details",
  async (_what, init) => {
    // Inngest logs each refusal to the console.
    vi.spyOn(console, "error").mockImplementation(() => {});
    const query = "?fnId=inkwell-persist-notification&stepId=step";
    const response = await call("POST", { ...init, body }, query);
    const text = await response.text();
    expect([response.status, text.length < 500]).toEqual([401, true]);
    expect(text).not.toMatch(
      /\bat \S+ \(|node_modules|\.tsx?\b|NEXTAUTH|at least 32|event key|signkey/,
    );
  },
);

test("in production an unsigned introspection request gets no details of the environment", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const response = await call("GET");
  expect(await response.text()).not.toMatch(
    /\bat \S+ \(|NEXTAUTH|at least 32|event key|signkey|postgres/,
  );
});

test.each([
  ["of the site gets the site's protocol", "inkwell.test", "https://inkwell.test/api/inngest"],
  ["of the containers' network keeps its own", "app:3000", "http://app:3000/api/inngest"],
])(
  "behind TLS without X-Forwarded-Proto a host %s when it registers",
  async (_, host, expected) => {
    const bodies: { url: string }[] = [];
    const runner = createServer((request, response) => {
      void json(request).then((body) => {
        bodies.push(body as { url: string });
        response.setHeader("content-type", "application/json").end('{"ok":true,"status":200}');
      });
    });
    await new Promise<void>((resolve) => runner.listen(0, "127.0.0.1", resolve));
    const { port } = runner.address() as AddressInfo;
    vi.stubEnv("INNGEST_BASE_URL", `http://127.0.0.1:${port}`);
    try {
      const route = await import("../../../app/api/inngest/route.ts");
      const request = new Request(`http://${host}/api/inngest`, {
        method: "PUT",
        headers: { host },
      });
      const response = await route.PUT(request, { params: Promise.resolve({}) });
      expect(response.status).toBe(200);
      expect(bodies.map(({ url }) => url)).toEqual([expected]);
    } finally {
      runner.closeAllConnections();
      await new Promise((resolve) => runner.close(resolve));
    }
  },
);

test("the route exports no other methods, so Next answers them with 405", async () => {
  const route = await import("../../../app/api/inngest/route.ts");
  expect(Object.keys(route).sort()).toEqual(["GET", "POST", "PUT"]);
});

const always = [
  "persist-notification",
  "remove-due-articles",
  "end-expired-sessions",
  "publish-due-submissions",
  "repeat-announcements",
  "ingest-feeds",
  "import-articles",
  "count-readers",
  "answer-in-chat",
  "send-invitation",
  "write-daily-reports",
];
test.each([
  ["pusher", "on", always],
  ["pusher", "off", [...always, "drain-signals"]],
  ["sse", "on", [...always, "drain-signals"]],
  ["pull", "on", [...always, "drain-signals"]],
])(
  "R6 with TRANSPORT=%s and RELAY=%s the runner is given %j",
  async (transport, relay, expected) => {
    vi.stubEnv("TRANSPORT", transport);
    vi.stubEnv("RELAY", relay);
    for (const name of ["PUSHER_APP_ID", "PUSHER_KEY", "PUSHER_SECRET"]) vi.stubEnv(name, "app-1");
    const { functions } = await import("../../../inngest/index.ts");
    expect(functions().map((each) => each.id())).toEqual(expected);
  },
);
