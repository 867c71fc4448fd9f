import { requestSource } from "@/auth/sign-in/request-source.ts";
import { jsonRoute } from "@/lib/http/json-route.ts";
import { assertMadeFor, pageViewerHeader } from "@/lib/pages/page-viewer.ts";
import { auth } from "../auth.ts";
import { limits } from "./limits.ts";

/**
 * Responds with the result of `work`, within the rate limits of a visitor: beyond them 429 and
 * `Retry-After`, without a query. A page sends the account it was rendered for: 409 when the cookie belongs
 * to another account, 401 without a session.
 */
export function limitedRoute(request: Request, work: () => Promise<unknown>): Promise<Response> {
  return jsonRoute(async () => {
    const claim = await auth().claim(request);
    const { address } = requestSource(request.headers);
    await limits().read({ sessionId: claim?.sessionId ?? null, address });
    const header = request.headers.get(pageViewerHeader);
    if (header !== null && header !== (claim?.userId ?? "")) {
      // The cookie may name a session that has ended.
      const viewer = claim && (await auth().getViewerFrom(request));
      assertMadeFor(header || null, viewer?.userId ?? null);
    }
    return work();
  });
}
