import { existsSync } from "node:fs";
import { join } from "node:path";
import { PartError } from "../parts/part-error.ts";
import { LOOPBACK } from "../parts/ports.ts";
import { startPostgres } from "../parts/postgres/postgres.ts";
import { OWNER, ownerPassword } from "../parts/postgres/postgres-folder.ts";
import { readPostmaster } from "../parts/postgres/postgres-lock.ts";
import { isAlive } from "../parts/processes.ts";
import { appUrlFrom, dataFolder, keptSecret, type Variables } from "../parts/settings.ts";

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
