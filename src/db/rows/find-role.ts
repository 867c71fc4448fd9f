import { eq } from "drizzle-orm";
import { AppError } from "@/lib/errors/app-error.ts";
import { users } from "../schema.ts";
import type { Transaction } from "../viewer.ts";

/** @throws {AppError} `not_found` */
export async function findRole(tx: Transaction, userId: string) {
  const [person] = await tx.select({ role: users.role }).from(users).where(eq(users.id, userId));
  if (person === undefined) throw new AppError("not_found", "This account no longer exists.");
  return person.role;
}
