import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "drizzle-orm";
import type { RelayHealth } from "querycast/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type Database } from "@/db/database.ts";
import { askBroker } from "@/wiring/metrics/health.ts";
import { createReadiness, type ReadinessOptions } from "@/wiring/metrics/health-report.ts";
import { serveBelow } from "../../support/broker/serve-below.ts";
import { sharedSoketi, startOwnSoketi } from "../../support/broker/soketi.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database/database.ts";
import { createFaultProxy, type FaultProxy } from "../../support/servers/fault-proxy.ts";

let testDatabase: TestDatabase;
let proxy: FaultProxy;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const url = new URL(testDatabase.appUrl);
  proxy = await createFaultProxy({ target: { host: url.hostname, port: Number(url.port) } });
  url.hostname = proxy.host;
  url.port = String(proxy.port);
  database = createDatabase(url.href, { maxConnections: 2 });
});
afterAll(async () => {
  await database.close();
  await proxy.close();
  await testDatabase.close();
});

const leading: RelayHealth = {
  state: "leading",
  backlog: 0,
  more: false,
  lagMs: 0,
  attempts: 0,
  lastError: undefined,
  caughtUpMsAgo: 0,
  published: 0,
};
const soketi = sharedSoketi();
const toBroker = (port: number) => ({
  ...soketi,
  port,
  tls: false,
  public: { key: soketi.key, host: soketi.host, port, tls: false },
});
const ask = (options: Partial<ReadinessOptions> = {}) =>
  createReadiness({
    database: () => database.asRelay((tx) => tx.execute(sql`select`)),
    broker: () => askBroker(toBroker(soketi.port)),
    relay: () => leading,
    relayAgeMs: async () => 0,
    ...options,
  })();

test("with a real database and a real broker a process is ready", async () => {
  expect(await ask()).toEqual({ status: "ok", reasons: [] });
});

test("a process without a broker, or whose relay runs elsewhere, is healthy", async () => {
  expect(await ask({ broker: null, relay: () => null })).toEqual({ status: "ok", reasons: [] });
  const standby = { ...leading, state: "standby" } as const;
  expect(await ask({ relay: () => standby })).toEqual({ status: "ok", reasons: [] });
});

test("a missing broker makes the site degraded, not unready", async () => {
  const gone = await startOwnSoketi();
  await gone.stop();
  expect(await ask({ broker: () => askBroker(toBroker(gone.port)) })).toEqual({
    status: "degraded",
    reasons: ["broker_unreachable"],
  });
});

test("a missing broker behind a path makes the site degraded", async () => {
  const gone = await startOwnSoketi();
  const front = await serveBelow("/live", gone.port);
  const broker = () => askBroker({ ...toBroker(front.port), path: "/live" });
  try {
    expect(await ask({ broker })).toEqual({ status: "ok", reasons: [] });
    await gone.stop();
    expect(await ask({ broker })).toEqual({ status: "degraded", reasons: ["broker_unreachable"] });
  } finally {
    await front.close();
  }
});

test("a load balancer without a broker node counts as a missing broker", async () => {
  const balancer = createServer((_request, response) => response.writeHead(503).end());
  await new Promise<void>((resolve) => balancer.listen(0, "127.0.0.1", resolve));
  const { port } = balancer.address() as AddressInfo;
  const report = await ask({ broker: () => askBroker(toBroker(port)) });
  expect(report.reasons).toEqual(["broker_unreachable"]);
  await new Promise<void>((resolve) => balancer.close(() => resolve()));
});

test("a frozen database makes a process unready within the deadline", async () => {
  proxy.freeze();
  const startedAtMs = performance.now();
  const report = await ask({ deadlineMs: 300 });
  // Without the deadline the check would wait as long as the database is frozen.
  expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  expect(report).toEqual({ status: "unavailable", reasons: ["database_unreachable"] });
  await proxy.heal();
  await expect.poll(async () => (await ask()).status).toBe("ok");
});

test.each<readonly [Partial<RelayHealth>, string]>([
  [{ state: "blocked", backlog: 3, lagMs: 100 }, "relay_blocked"],
  [{ state: "connecting", attempts: 2 }, "relay_disconnected"],
  [{ state: "leading", backlog: 900, lagMs: 10_001 }, "relay_behind"],
])("a relay that is %j degrades the site: %s", async (health, reason) => {
  const report = await ask({ relay: () => ({ ...leading, ...health }) });
  expect(report).toEqual({ status: "degraded", reasons: [reason] });
});

test("K14 a site on which no process has delivered signals for 30 s reports that it is degraded", async () => {
  const relayAgeMs = async () => 30_000;
  const report = await ask({ relay: () => null, relayAgeMs });
  expect(report).toEqual({ status: "degraded", reasons: ["relay_missing"] });
});

test("a new site is degraded without a relay only after half a minute", async () => {
  let now = 0;
  const readiness = createReadiness({
    database: async () => {},
    broker: null,
    relay: () => null,
    relayAgeMs: async () => null,
    now: () => now,
  });
  expect((await readiness()).reasons).toEqual([]);
  now = 30_000;
  expect((await readiness()).reasons).toEqual(["relay_missing"]);
});

test("a relay that connects for the first time is not a failure", async () => {
  const report = await ask({ relay: () => ({ ...leading, state: "connecting" }) });
  expect(report.status).toBe("ok");
});

test("a thousand concurrent checks cause one database query", async () => {
  let asked = 0;
  let now = 0;
  const readiness = createReadiness({
    database: async () => {
      asked += 1;
    },
    broker: null,
    relay: () => null,
    relayAgeMs: null,
    now: () => now,
  });
  await Promise.all(Array.from({ length: 1_000 }, readiness));
  expect(asked).toBe(1);
  now = 1_000;
  await readiness();
  expect(asked).toBe(2);
});

test("a report contains reason codes and no error details", async () => {
  const failing = () => Promise.reject(new Error("password authentication failed for inkwell_app"));
  const report = await ask({
    database: failing,
    relay: () => ({ ...leading, state: "blocked", lastError: new Error("secret") }),
  });
  expect(JSON.stringify(report)).toBe(
    '{"status":"unavailable","reasons":["database_unreachable","relay_blocked"]}',
  );
});
