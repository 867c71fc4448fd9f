import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { main } from "./parts/main.ts";
import { clearLock } from "./parts/postgres/postgres-lock.ts";
import { dataFolder, readVariables } from "./parts/settings.ts";

await main(async () => {
  const folder = dataFolder(readVariables());
  if (!existsSync(folder)) {
    console.log(`Nothing to delete: ${folder} does not exist.`);
    return 0;
  }
  await clearLock(join(folder, "postgres"));
  console.log(`Deleting ${folder} with the database and the secrets in it.`);
  await rm(folder, { recursive: true, force: true });
  return 0;
});
