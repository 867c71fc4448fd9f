import { eq } from "drizzle-orm";
import { AppError } from "@/lib/errors/app-error.ts";
import { users } from "../schema.ts";
import type { Transaction } from "../viewer.ts";

/**
 * Finds a person by handle, with or without `@`.
 *
 * @param field form field that shows the error
 * @returns the person's id
 * @throws {AppError} `not_found`
 */
export async function findPerson(
  tx: Transaction,
  handle: string,
  field = "person",
): Promise<string> {
  const name = handle.trim().replace(/^@/, "").toLowerCase();
  const [row] = await tx.select({ id: users.id }).from(users).where(eq(users.handle, name));
  if (row !== undefined) return row.id;
  const message = `No person has the handle @${name}. Find the handle under People.`;
  throw new AppError("not_found", message, { fieldErrors: { [field]: [message] } });
}
