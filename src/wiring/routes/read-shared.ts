import type { SharedRead } from "querycast/server";
import { anonymous, type Viewer } from "@/db/viewer.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ReadContext } from "../context-types.ts";
import type { Contexts } from "../create-contexts.ts";

type Query = (context: ReadContext) => Promise<unknown>;

/**
 * Runs a query once for all viewers who request it at the same time, and returns its JSON text.
 *
 * @param resource identifies the read, e.g. path and query string of its route
 * @param getViewer called only when signed-out viewers get no result
 * @param query its result must be the same for every viewer who gets one
 * @throws what the query throws
 */
export type ReadShared = (
  resource: string,
  getViewer: () => Promise<Viewer>,
  query: Query,
) => Promise<string>;

/**
 * Reads as a signed-out viewer first: public data cannot leak, and all viewers share one read. When a
 * signed-out viewer gets no result (a draft, a private gist), each viewer reads with their own rights and
 * shares that read only among their own tabs.
 */
export function createReadShared(read: Contexts["read"], shared: SharedRead<string>): ReadShared {
  return async (resource, getViewer, query) => {
    const readIn = (scope: string, viewer: Viewer) =>
      shared({ resource, scope }, async () => JSON.stringify(await read(viewer)(query)));
    try {
      return await readIn("public", anonymous);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "not_found") throw error;
      const viewer = await getViewer();
      if (viewer.userId === null) throw error;
      return readIn(viewer.userId, viewer);
    }
  };
}
