import { inArray } from "drizzle-orm";
import { users } from "@/db/schema.ts";
import { type DemoAccount, demoAccounts } from "@/db/seed/demo-accounts.ts";
import type { ReadContext } from "@/wiring/context-types.ts";

/** The accounts of the seed that still exist, in the order reader, author, admin. */
export async function listDemoAccounts({ tx }: ReadContext): Promise<readonly DemoAccount[]> {
  const handles = demoAccounts.map(({ handle }) => handle);
  const rows = await tx
    .select({ handle: users.handle })
    .from(users)
    .where(inArray(users.handle, handles));
  const found = new Set(rows.map(({ handle }) => handle));
  return demoAccounts.filter(({ handle }) => found.has(handle));
}
