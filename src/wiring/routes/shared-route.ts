import { createSharedRead } from "querycast/server";
import { JsonText } from "@/lib/http/json-route.ts";
import { searchParamsOf } from "@/lib/http/request-input.ts";
import { singleton } from "@/lib/singleton.ts";
import { auth } from "../auth.ts";
import { contexts } from "../context.ts";
import type { ReadContext } from "../context-types.ts";
import { limitedRoute } from "./limited-route.ts";
import { createReadShared, type ReadShared } from "./read-shared.ts";

/**
 * A browser refetches a query only after the previous response, so this is also the minimum interval at
 * which the viewers of a busy page refetch it.
 */
const windowMs = 500;

const readShared = (): ReadShared =>
  singleton("read-shared", () => createReadShared(contexts().read, createSharedRead({ windowMs })));

/**
 * Responds to a GET that many viewers send at once, with one read for all who see the same data.
 *
 * @param queryFor builds the query from the query string, or throws for invalid input. Its result must not
 * depend on the viewer.
 */
export function sharedRoute<Result>(
  request: Request,
  queryFor: (
    params: ReturnType<typeof searchParamsOf>,
  ) => (context: ReadContext) => Promise<Result>,
): Promise<Response> {
  return limitedRoute(request, async () => {
    const { pathname, search } = new URL(request.url);
    const query = queryFor(searchParamsOf(request));
    return new JsonText(await readShared()(pathname + search, () => auth().getViewer(), query));
  });
}
