import { eq } from "drizzle-orm";
import { userBans } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { AuthContext } from "./auth-context.ts";

/** Whether an account is banned. Call it only for requests that have proved ownership of the account. */
export async function isBanned(
  { database }: Pick<AuthContext, "database">,
  userId: string,
): Promise<boolean> {
  const [ban] = await database.asAuth(
    (tx) =>
      tx.select({ userId: userBans.userId }).from(userBans).where(eq(userBans.userId, userId)),
    "read",
  );
  return ban !== undefined;
}

/**
 * Call it after the password check, so that only the owner of the account learns of the ban.
 *
 * @throws {AppError} `forbidden`
 */
export async function assertNotBanned(
  context: Pick<AuthContext, "database">,
  userId: string,
): Promise<void> {
  if (await isBanned(context, userId)) throw banned();
}

/** The error of a banned account. */
export const banned = (cause?: unknown): AppError =>
  new AppError("forbidden", "An admin banned this account.", { cause });
