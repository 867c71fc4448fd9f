import { searchParamsOf } from "@/lib/http/request-input.ts";
import type { OperatorContext } from "../context-types.ts";
import { asOperator } from "../operator.ts";
import { limitedRoute } from "./limited-route.ts";

type Query<Result> = (context: OperatorContext) => Promise<Result>;

/**
 * Responds to a GET of an admin with the result of an operator query.
 *
 * @param queryFor builds the query from the query string, or throws for invalid input
 */
export function operatorRoute<Result>(
  request: Request,
  queryFor: (params: ReturnType<typeof searchParamsOf>) => Query<Result> | Promise<Query<Result>>,
): Promise<Response> {
  return limitedRoute(request, async () => asOperator(await queryFor(searchParamsOf(request))));
}
