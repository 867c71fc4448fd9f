import type { PgTable } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, expect } from "vitest";
import { createDatabase, type Database } from "@/db/database.ts";
import { openPage } from "@/db/rows/open-page.ts";
import type { Transaction } from "@/db/viewer.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database/database.ts";
import { insertRows, viewers } from "../../support/rows/rls-rows.ts";
import { keyOf, type Role, type Rows, type Seen } from "./rls-matrix.ts";

/** A database with the rows of the matrix, for the tests of one file. */
export function createRlsReader() {
  let testDatabase: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    await insertRows(testDatabase.ownerUrl);
    database = createDatabase(testDatabase.appUrl, { maxConnections: 2 });
  });
  afterAll(async () => {
    await database?.close();
    await testDatabase?.close();
  });

  /**
   * The keys of the rows that a viewer or role reads without WHERE.
   *
   * @param opened the page that the transaction opens before it reads
   */
  async function read(who: keyof Seen, table: PgTable, opened?: ResourceRef): Promise<Rows> {
    const all = async (tx: Transaction) => {
      const [, rows] = await Promise.all([
        opened && openPage(tx, opened),
        tx.select({ key: keyOf(table) }).from(table),
      ]);
      return rows;
    };
    const reading: Record<Role, () => Promise<{ key: unknown }[]>> = {
      worker: () => database.asWorker(all),
      auth: () => database.asAuth(all),
      relay: () => database.asRelay(all),
    };
    try {
      const rows =
        who === "worker" || who === "auth" || who === "relay"
          ? await reading[who]()
          : await database.readAs(viewers[who], all);
      return rows.map((row) => String(row.key)).sort();
    } catch (error) {
      expect((error as Error).cause).toMatchObject({ code: "42501" });
      return "refused";
    }
  }

  return { urls: () => testDatabase, database: () => database, read };
}
