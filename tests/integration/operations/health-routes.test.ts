import { beforeEach, expect, test, vi } from "vitest";

const token = "a token of at least 32 characters";

/** The route with this environment: each test has separate modules and singletons. */
beforeEach(() => {
  vi.resetModules();
  for (const key of Object.getOwnPropertySymbols(globalThis)) {
    if (key.description?.startsWith("inkwell.")) Reflect.deleteProperty(globalThis, key);
  }
  vi.stubEnv("DATABASE_URL", "postgres://inkwell_app:secret@127.0.0.1:1/inkwell");
  vi.stubEnv("NEXTAUTH_SECRET", "a secret of at least 32 characters");
  vi.stubEnv("NEXTAUTH_URL", "http://localhost:3000");
});

async function getMetrics(authorization?: string): Promise<Response> {
  const { GET } = await import("../../../app/api/metrics/route.ts");
  const headers = new Headers(
    authorization === undefined ? [] : [["authorization", authorization]],
  );
  return GET(new Request("http://localhost:3000/api/metrics", { headers }));
}

test("without METRICS_TOKEN there are no metrics, for any credentials", async () => {
  vi.stubEnv("METRICS_TOKEN", "");
  for (const authorization of [undefined, "Bearer ", "Bearer null", "Bearer undefined"]) {
    expect((await getMetrics(authorization)).status).toBe(404);
  }
});

test("metrics are returned only for the complete token as a bearer", async () => {
  vi.stubEnv("METRICS_TOKEN", token);
  const wrong = [undefined, "", token, `Basic ${token}`, `Bearer ${token}x`, `Bearer ${token} x`];
  for (const authorization of wrong) {
    const response = await getMetrics(authorization);
    expect([response.status, await response.text()]).toEqual([401, ""]);
  }
});

test("the response has Prometheus's content type and is not cached", async () => {
  const spaceless = token.replaceAll(" ", "-");
  vi.stubEnv("METRICS_TOKEN", spaceless);
  const response = await getMetrics(`Bearer ${spaceless}`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await response.text()).toContain("# TYPE querycast_publish_lag_seconds histogram");
});

test("a process without a database is alive but not ready, and gives no details", async () => {
  const live = await import("../../../app/api/health/live/route.ts");
  expect(await live.GET().json()).toEqual({ status: "ok" });
  const ready = await import("../../../app/api/health/ready/route.ts");
  const response = await ready.GET();
  expect([response.status, await response.json()]).toEqual([
    503,
    { status: "unavailable", reasons: ["database_unreachable"] },
  ]);
  expect(response.headers.get("cache-control")).toBe("no-store");
});
