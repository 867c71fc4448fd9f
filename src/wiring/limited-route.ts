import { requestSource } from "@/auth/request-source.ts";
import { jsonRoute } from "@/lib/json-route.ts";
import { auth } from "./auth.ts";
import { limits } from "./limits.ts";

/**
 * Answers a request with what `work` returns, within what a visitor may ask for: 429 and `Retry-After` beyond
 * it, before the database hears of the request.
 */
export function limitedRoute(request: Request, work: () => Promise<unknown>): Promise<Response> {
  return jsonRoute(async () => {
    const sessionId = await auth().claimedSession(request);
    await limits().read({ sessionId, address: requestSource(request.headers).address });
    return work();
  });
}
