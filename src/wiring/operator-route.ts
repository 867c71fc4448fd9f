import type { OperatorContext } from "@/features/context.ts";
import { searchParamsOf } from "@/lib/json-route.ts";
import { limitedRoute } from "./limited-route.ts";
import { asOperator } from "./operator.ts";

type Verb<Result> = (context: OperatorContext) => Promise<Result>;

/**
 * Responds to a GET of an admin with the result of an operator query.
 *
 * @param verbFor builds the query from the query string, or throws for invalid input
 */
export function operatorRoute<Result>(
  request: Request,
  verbFor: (params: ReturnType<typeof searchParamsOf>) => Verb<Result> | Promise<Verb<Result>>,
): Promise<Response> {
  return limitedRoute(request, async () => asOperator(await verbFor(searchParamsOf(request))));
}
