import { createSharedRead } from "querycast/server";
import type { ReadContext } from "@/features/context.ts";
import { JsonText, searchParamsOf } from "@/lib/json-route.ts";
import { singleton } from "@/lib/singleton.ts";
import { auth } from "./auth.ts";
import { contexts } from "./context.ts";
import { limitedRoute } from "./limited-route.ts";
import { createReadShared, type ReadShared } from "./read-shared.ts";

/**
 * A browser reads a query again only when it has its answer, so this is also the pace at which a busy
 * page is read again by each of its viewers: fast enough for a conversation.
 */
const windowMs = 500;

const readShared = (): ReadShared =>
  singleton("read-shared", () => createReadShared(contexts().read, createSharedRead({ windowMs })));

/**
 * Answers a GET that many viewers send at once with one read for all who may see the same.
 *
 * @param verbFor makes the verb out of the query string, or throws what is wrong with it. The verb's
 * answer is the same for everybody who gets one: nothing in it depends on who is asking.
 */
export function sharedRoute<Result>(
  request: Request,
  verbFor: (params: ReturnType<typeof searchParamsOf>) => (context: ReadContext) => Promise<Result>,
): Promise<Response> {
  return limitedRoute(request, async () => {
    const { pathname, search } = new URL(request.url);
    const verb = verbFor(searchParamsOf(request));
    return new JsonText(await readShared()(pathname + search, () => auth().getViewer(), verb));
  });
}
