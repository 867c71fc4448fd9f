import type { SharedRead } from "querycast/server";
import { anonymous, type Viewer } from "@/db/viewer.ts";
import type { ReadContext } from "@/features/context.ts";
import { AppError } from "@/lib/app-error.ts";
import type { Contexts } from "./create-contexts.ts";

type Verb = (context: ReadContext) => Promise<unknown>;

/**
 * Reads something once for everybody who asks for it at the same time, and hands back its JSON text.
 *
 * @param resource tells this read from all others, e.g. the path and query string of its route
 * @param getViewer asked only where nobody may read it who is not signed in
 * @param verb whose answer is the same for everybody who gets one
 * @throws what the verb throws
 */
export type ReadShared = (
  resource: string,
  getViewer: () => Promise<Viewer>,
  verb: Verb,
) => Promise<string>;

/**
 * What everybody may read is read as nobody: then nothing can leak, and all viewers are one scope. Where
 * nobody finds nothing (a draft, a private gist), each viewer reads with their own rights, and shares
 * that read with their own tabs alone.
 */
export function createReadShared(read: Contexts["read"], shared: SharedRead<string>): ReadShared {
  return async (resource, getViewer, verb) => {
    const readIn = (scope: string, viewer: Viewer) =>
      shared({ resource, scope }, async () => JSON.stringify(await read(viewer)(verb)));
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
