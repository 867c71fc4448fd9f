import { searchParamsOf } from "@/lib/http/request-input.ts";
import type { OperatorContext } from "../context-types.ts";
import { asOperator } from "../operator.ts";
import { limitedRoute } from "./limited-route.ts";

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
