import type { OperatorContext } from "@/features/context.ts";
import { searchParamsOf } from "@/lib/json-route.ts";
import { limitedRoute } from "./limited-route.ts";
import { asOperator } from "./operator.ts";

type Verb<Result> = (context: OperatorContext) => Promise<Result>;

/**
 * Answers a GET with what a verb finds behind the site, for admins.
 *
 * @param verbFor makes the verb out of the query string, or throws what is wrong with it
 */
export function operatorRoute<Result>(
  request: Request,
  verbFor: (params: ReturnType<typeof searchParamsOf>) => Verb<Result> | Promise<Verb<Result>>,
): Promise<Response> {
  return limitedRoute(request, async () => asOperator(await verbFor(searchParamsOf(request))));
}
