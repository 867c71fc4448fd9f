import { readiness } from "@/wiring/metrics/health.ts";

/** Readiness: 200 while the process is "ok" or "degraded", else 503. */
export async function GET(): Promise<Response> {
  const report = await readiness();
  return Response.json(report, {
    status: report.status === "unavailable" ? 503 : 200,
    headers: { "cache-control": "no-store" },
  });
}
