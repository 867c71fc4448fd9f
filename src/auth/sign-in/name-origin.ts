import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/viewer.ts";

/** Sets the origin of the current mutation for the triggers that publish signals; see `originOf`. */
export async function nameOrigin(tx: Transaction, origin: string | undefined): Promise<void> {
  if (origin === undefined) return;
  await tx.execute(sql`select set_config('querycast.origin', ${origin}, true)`);
}
