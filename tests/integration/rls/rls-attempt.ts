import type { Database } from "@/db/database.ts";
import type { Transaction, Viewer } from "@/db/viewer.ts";

/** The SQLSTATE of a refused write. */
export const denied = "42501";

class Undo extends Error {}

/** Returns the number of rows changed by a write that is then rolled back, or the SQLSTATE of its error. */
export function createAttempt(database: () => Database) {
  return async function attempt(
    viewer: Viewer | "worker" | "auth",
    write: (tx: Transaction) => PromiseLike<{ readonly count: number }>,
  ): Promise<number | string> {
    let count = -1;
    const run = async (tx: Transaction) => {
      count = (await write(tx)).count;
      throw new Undo();
    };
    const roles = { worker: database().asWorker, auth: database().asAuth };
    try {
      await (typeof viewer === "string" ? roles[viewer](run) : database().writeAs(viewer, run));
    } catch (error) {
      if (!(error instanceof Undo))
        return String((error as { cause?: { code?: string } }).cause?.code);
    }
    return count;
  };
}
