import postgres from "postgres";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { createDatabase, type Database, type DatabaseOptions } from "@/db/database.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database/database.ts";
import { type PostgresProxy, startPostgresProxy } from "../../support/database/viewer-proxy.ts";
import { insertRows } from "../../support/rows/rls-rows.ts";

/** A migrated database with rows for the tests of one file. */
export function createViewerRig() {
  let testDatabase: TestDatabase;
  let owner: postgres.Sql;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    await insertRows(testDatabase.ownerUrl);
    owner = postgres(testDatabase.ownerUrl, { max: 1, onnotice: () => {} });
  });
  afterAll(async () => {
    await owner?.end();
    await testDatabase?.close();
  });

  return {
    /** A connection as the owner of the tables. */
    owner: () => owner,
    appUrl: () => testDatabase.appUrl,
    /** Opens the database as the application does. Closed after the test. */
    open(options?: DatabaseOptions, url = testDatabase.appUrl): Database {
      const database = createDatabase(url, options);
      onTestFinished(() => database.close());
      return database;
    },
    /** Opens a proxy in front of the database. Closed after the test. */
    async openProxy(): Promise<PostgresProxy> {
      const proxy = await startPostgresProxy(testDatabase.appUrl);
      onTestFinished(() => proxy.close());
      return proxy;
    },
  };
}
