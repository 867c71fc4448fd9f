import { eq } from "drizzle-orm";
import { users } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Account } from "./schema.ts";

/** The account of the viewer; `null` when signed out. */
export async function getAccount({ tx, viewer }: ReadContext): Promise<Account | null> {
  if (viewer.userId === null) return null;
  const [row] = await tx
    .select({ id: users.id, handle: users.handle, name: users.name, role: users.role })
    .from(users)
    .where(eq(users.id, viewer.userId));
  return row ?? null;
}
