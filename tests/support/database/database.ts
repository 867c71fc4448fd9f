import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { migrate } from "../../../src/db/migrate.ts";
import { cluster } from "../broker/cluster.ts";

export interface TestDatabaseOptions {
  /** Migrates the template. Default: the application's migrations. */
  readonly migrate?: (ownerUrl: string, options: { appUrl: string }) => Promise<unknown>;
  /** Each name has one template per run. Required with `migrate`. */
  readonly template?: string;
}

export interface TestDatabase {
  readonly ownerUrl: string;
  /** Connects as the application's login role, under row-level security. */
  readonly appUrl: string;
  /** Ends all connections and drops the database. */
  readonly close: () => Promise<void>;
}

const TEMPLATE_LOCK = 20_251;

/** Creates a database by cloning a migrated template, which takes a few ten milliseconds. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { migrate: bringUpToDate = migrate, template = "template_application" } = options;
  const name = `test_${randomBytes(6).toString("hex")}`;
  const admin = postgres(cluster(), { max: 1, onnotice: () => {} });
  try {
    // Parallel calls: the first one creates the template, the others wait for it.
    await admin`select pg_advisory_lock(${TEMPLATE_LOCK})`;
    const found = await admin`select from pg_database where datname = ${template}`;
    if (found.length === 0) {
      const draft = `${template}_draft`;
      await admin`drop database if exists ${admin(draft)} with (force)`;
      await admin`create database ${admin(draft)}`;
      const draftUrl = databaseUrl(draft);
      await bringUpToDate(draftUrl, { appUrl: asApplication(draftUrl) });
      await admin`alter database ${admin(draft)} rename to ${admin(template)}`;
    }
    await admin`create database ${admin(name)} template ${admin(template)}`;
  } finally {
    await admin.end();
  }
  const ownerUrl = databaseUrl(name);
  return {
    ownerUrl,
    appUrl: asApplication(ownerUrl),
    close: async () => {
      const sql = postgres(cluster(), { max: 1, onnotice: () => {} });
      await sql`drop database if exists ${sql(name)} with (force)`;
      await sql.end();
    },
  };
}

function databaseUrl(name: string): string {
  const url = new URL(cluster());
  url.pathname = name;
  return url.href;
}

function asApplication(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  url.username = "inkwell_app";
  url.password = "inkwell_app";
  return url.href;
}
