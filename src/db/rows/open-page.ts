import { sql } from "drizzle-orm";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { Transaction } from "../viewer.ts";

/**
 * Makes the statements that are issued with it, after it, cheap where they read the comments and reactions of
 * this page: their policies ask once per statement whether the viewer may read the page, not once per row.
 * It gives no access: a page that the viewer may not read stays closed. Await it together with those
 * statements: a query issued after a response is in another transaction, which has no page opened.
 */
export async function openPage(tx: Transaction, { resourceId }: ResourceRef): Promise<void> {
  // Sent now, before what the caller issues next. With the policies, planning a statement for the number of comments of
  // this page takes longer than running it. Postgres would do so each time for a page with fewer comments than most.
  await tx
    .execute(sql`
      select set_config('app.page', ${resourceId}, true),
        set_config('plan_cache_mode', 'force_generic_plan', true)`)
    .execute();
}
