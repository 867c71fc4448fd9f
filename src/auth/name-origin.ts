import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/viewer.ts";

/** Names the mutation behind a transaction to the triggers that tell of it; see `originOf`. */
export async function nameOrigin(tx: Transaction, origin: string | undefined): Promise<void> {
  if (origin === undefined) return;
  await tx.execute(sql`select set_config('querycast.origin', ${origin}, true)`);
}
