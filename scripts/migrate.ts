import { migrate } from "../src/db/migrate.ts";
import { main } from "./parts/main.ts";
import { PartError } from "./parts/part-error.ts";
import { readVariables } from "./parts/settings.ts";

/** Applies pending migrations to the database of DATABASE_OWNER_URL. */
await main(async () => {
  const { DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: appUrl } = readVariables();
  if (!ownerUrl || !appUrl) {
    throw new PartError("DATABASE_URL or DATABASE_OWNER_URL is not set.", {
      code: "start-failed",
      wayOut:
        "Set both. `npm run dev` and `npm start` migrate the embedded database automatically.",
    });
  }
  await migrate(ownerUrl, { appUrl });
  console.log("The database is up to date.");
  return 0;
});
