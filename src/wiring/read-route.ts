import type { ReadContext } from "@/features/context.ts";
import { searchParamsOf } from "@/lib/json-route.ts";
import { readAsViewer } from "./context.ts";
import { limitedRoute } from "./limited-route.ts";

type Verb<Result> = (context: ReadContext) => Promise<Result>;

/**
 * Answers a GET with what a verb reads as whoever is signed in.
 *
 * @param verbFor makes the verb out of the query string, or throws what is wrong with it
 */
export function readRoute<Result>(
  request: Request,
  verbFor: (params: ReturnType<typeof searchParamsOf>) => Verb<Result> | Promise<Verb<Result>>,
): Promise<Response> {
  return limitedRoute(request, async () => readAsViewer(await verbFor(searchParamsOf(request))));
}
