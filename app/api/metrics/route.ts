import { env } from "@/lib/env.ts";
import { hasBearer } from "@/lib/http/bearer.ts";
import { metrics } from "@/wiring/metrics/metrics.ts";
import { broker, hub } from "@/wiring/realtime/broker/broker.ts";
import { relay, relayAgeMs } from "@/wiring/realtime/realtime.ts";

const noStore = { "cache-control": "no-store" };

/**
 * Metrics for Prometheus, which authenticates with METRICS_TOKEN. Answers 404 when that variable is not
 * set.
 */
export async function GET(request: Request): Promise<Response> {
  const token = env().metricsToken;
  if (token === null) return new Response(null, { status: 404, headers: noStore });
  if (!hasBearer(request, token)) {
    const headers = { ...noStore, "www-authenticate": "Bearer" };
    return new Response(null, { status: 401, headers });
  }
  const { text, contentType } = metrics();
  const subscriptions =
    (await broker()
      ?.countSubscriptions?.()
      .catch(() => null)) ?? null;
  const values = {
    relay: relay()?.health() ?? null,
    relayAgeMs: broker() === null ? null : await relayAgeMs().catch(() => null),
    subscriptions,
    streams: hub()?.size().streams ?? null,
  };
  return new Response(await text(values), {
    headers: { ...noStore, "content-type": contentType },
  });
}
