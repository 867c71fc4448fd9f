import { searchParamsOf } from "@/lib/http/request-input.ts";
import { assertMadeFor, pageViewerHeader } from "@/lib/pages/page-viewer.ts";
import { auth } from "../auth.ts";
import { contexts } from "../context.ts";
import type { ReadContext } from "../context-types.ts";
import { limitedRoute } from "./limited-route.ts";

type Query<Result> = (context: ReadContext) => Promise<Result>;

/**
 * Responds to a GET with the result of a query, run as the current viewer.
 *
 * @param queryFor builds the query from the query string, or throws for invalid input
 */
export function readRoute<Result>(
  request: Request,
  queryFor: (params: ReturnType<typeof searchParamsOf>) => Query<Result> | Promise<Query<Result>>,
): Promise<Response> {
  return limitedRoute(request, async () => {
    const query = await queryFor(searchParamsOf(request));
    const viewer = await auth().getViewer();
    // A cookie whose session has ended still names its account.
    if (viewer.userId === null) assertMadeFor(request.headers.get(pageViewerHeader) || null, null);
    return contexts().read(viewer)(query);
  });
}
