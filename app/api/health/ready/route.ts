import { readiness } from "@/wiring/health.ts";

/** Whether visitors may be sent to this process: 200 while it is "ok" or "degraded", else 503. */
export async function GET(): Promise<Response> {
  const report = await readiness();
  return Response.json(report, {
    status: report.status === "unavailable" ? 503 : 200,
    headers: { "cache-control": "no-store" },
  });
}
