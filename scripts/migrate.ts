import { migrate } from "../src/db/migrate.ts";
import { main } from "./parts/main.ts";
import { PartError } from "./parts/part-error.ts";
import { readVariables } from "./parts/settings.ts";

/** Brings the database of DATABASE_OWNER_URL up to date. */
await main(async () => {
  const { DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: appUrl } = readVariables();
  if (!ownerUrl || !appUrl) {
    throw new PartError("DATABASE_URL and DATABASE_OWNER_URL are not both set.", {
      code: "start-failed",
      wayOut:
        "Set both; `npm run dev` and `npm start` migrate the embedded database by themselves.",
    });
  }
  await migrate(ownerUrl, { appUrl });
  console.log("The database is up to date.");
  return 0;
});
