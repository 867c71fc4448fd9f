import { requestSource } from "@/auth/request-source.ts";
import { jsonRoute } from "@/lib/json-route.ts";
import { assertMadeFor, pageViewerHeader } from "@/lib/page-viewer.ts";
import { auth } from "./auth.ts";
import { limits } from "./limits.ts";

/**
 * Answers a request with what `work` returns, within what a visitor may ask for: 429 and `Retry-After` beyond
 * it, before the database hears of the request. A page names the account it was rendered for: 409 when the
 * cookie is another's, 401 when it is none.
 */
export function limitedRoute(request: Request, work: () => Promise<unknown>): Promise<Response> {
  return jsonRoute(async () => {
    const claim = await auth().claim(request);
    const { address } = requestSource(request.headers);
    await limits().read({ sessionId: claim?.sessionId ?? null, address });
    const header = request.headers.get(pageViewerHeader);
    if (header !== null && header !== (claim?.userId ?? "")) {
      // The session may have ended, then the cookie is none.
      const viewer = claim && (await auth().getViewerFrom(request));
      assertMadeFor(header || null, viewer?.userId ?? null);
    }
    return work();
  });
}
