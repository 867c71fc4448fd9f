import { eq } from "drizzle-orm";
import { users } from "@/db/schema.ts";
import { isAddress } from "@/lib/http/is-address.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { GetPersonInput, Person } from "./schema.ts";

/** The public profile of a person; `null` when the account does not exist. */
export async function getPerson({ tx }: ReadContext, whom: GetPersonInput): Promise<Person | null> {
  if ("handle" in whom && !isAddress(whom.handle)) return null;
  const [row] = await tx
    .select()
    .from(users)
    .where("handle" in whom ? eq(users.handle, whom.handle) : eq(users.id, whom.userId));
  if (row === undefined) return null;
  const { id, handle, name, bio, createdAt } = row;
  return { id, handle, name, bio, joinedAt: createdAt.toISOString() };
}
