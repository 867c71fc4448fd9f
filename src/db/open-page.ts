import { sql } from "drizzle-orm";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { Transaction } from "./viewer.ts";

/**
 * Makes the statements that are issued together with it cheap where they read the comments and reactions of
 * this page: their policies ask once per statement whether the viewer may read the page, not once per row.
 * It gives no access: a page that the viewer may not read stays closed.
 */
export async function openPage(tx: Transaction, { resourceId }: ResourceRef): Promise<void> {
  await tx.execute(sql`select set_config('app.page', ${resourceId}, true)`);
}
