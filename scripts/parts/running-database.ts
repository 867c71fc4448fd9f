import { existsSync } from "node:fs";
import { join } from "node:path";
import { PartError } from "./part-error.ts";
import { LOOPBACK } from "./ports.ts";
import { startPostgres } from "./postgres.ts";
import { OWNER, ownerPassword } from "./postgres-folder.ts";
import { readPostmaster } from "./postgres-lock.ts";
import { isAlive } from "./processes.ts";
import { appUrlFrom, dataFolder, keptSecret, type Variables } from "./settings.ts";

/**
 * The database of the site, for a script beside it: DATABASE_URL, else the embedded one. When the site is not running,
 * the embedded server is started for the time of the script.
 *
 * @throws PartError when there is none.
 */
export async function openSiteDatabase(
  variables: Variables,
): Promise<{ readonly appUrl: string; readonly close: () => Promise<void> }> {
  if (variables.DATABASE_URL) return { appUrl: variables.DATABASE_URL, close: async () => {} };
  const folder = dataFolder(variables);
  const dataDir = join(folder, "postgres");
  if (!existsSync(dataDir)) {
    throw new PartError("There is no database yet.", {
      code: "start-failed",
      wayOut: "Start the site once with `npm run dev` or `npm start`, or set DATABASE_URL.",
    });
  }
  const secret = keptSecret(folder, "database-secret");
  const running = readPostmaster(dataDir);
  if (running?.ready && isAlive(running.pid)) {
    const owner = `postgres://${OWNER}:${ownerPassword(dataDir)}@${LOOPBACK}:${running.port}/inkwell`;
    return { appUrl: appUrlFrom(owner, secret), close: async () => {} };
  }
  const server = await startPostgres({ dataDir });
  return { appUrl: appUrlFrom(server.ownerUrl, secret), close: server.stop };
}
