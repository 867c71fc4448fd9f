import { join } from "node:path";
import { migrate } from "../../src/db/migrate.ts";
import { seed } from "../../src/db/seed/seed.ts";
import { createEvidenceKeys } from "../../src/lib/evidence/signing.ts";
import { startPostgres } from "../parts/postgres/postgres.ts";
import {
  appUrlFrom,
  evidenceKey,
  keptSecret,
  portSetting,
  type Variables,
} from "../parts/settings.ts";
import type { SiteContext } from "./site-context.ts";

export interface SiteDatabase {
  readonly variables: Variables;
  /** Whether there are demo accounts with a public password: in the embedded database only. */
  readonly seeded: boolean;
}

/** Migrates the database of DATABASE_URL, or starts, migrates and seeds the embedded one. */
export async function createDatabase(context: SiteContext): Promise<SiteDatabase> {
  const { given, folder, say, closers } = context;
  const { DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl } = given;
  if (appUrl) {
    say("Postgres: DATABASE_URL");
    if (ownerUrl) await migrate(ownerUrl, { appUrl });
    else say("Migrations: skipped, DATABASE_OWNER_URL is not set");
    return { variables: {}, seeded: false };
  }
  const port = portSetting(given, "POSTGRES_PORT");
  say("Postgres");
  const server = await startPostgres({
    dataDir: join(folder, "postgres"),
    restart: true,
    say,
    ...(port === undefined ? {} : { port }),
  });
  closers.database = server.stop;
  const own = appUrlFrom(server.ownerUrl, keptSecret(folder, "database-secret"));
  say("Migrations");
  await migrate(server.ownerUrl, { appUrl: own });
  const signingKey = evidenceKey(given, folder);
  const evidenceKeys = createEvidenceKeys({ signingKey, formerKeys: [] });
  const { seeded } = await seed(server.ownerUrl, { evidenceKeys });
  if (seeded) say("Demo data: people, articles and comments");
  return { variables: { DATABASE_URL: own, DATABASE_OWNER_URL: server.ownerUrl }, seeded: true };
}
