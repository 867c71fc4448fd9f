import { eq } from "drizzle-orm";
import { users } from "@/db/schema.ts";
import type { ReadContext } from "@/features/context.ts";
import { isAddress } from "@/lib/is-address.ts";
import type { Person } from "./schema.ts";

export async function getPerson(
  { tx }: ReadContext,
  { handle }: { readonly handle: string },
): Promise<Person | null> {
  if (!isAddress(handle)) return null;
  const [row] = await tx.select().from(users).where(eq(users.handle, handle));
  if (row === undefined) return null;
  const { id, name, bio, createdAt } = row;
  return { id, handle: row.handle, name, bio, joinedAt: createdAt.toISOString() };
}
