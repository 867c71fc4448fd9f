import { eq } from "drizzle-orm";
import { userBans } from "@/db/schema.ts";
import { AppError } from "@/lib/app-error.ts";
import type { AuthContext } from "./auth-context.ts";

/** Whether an account is banned. Only for answers to those who have proved that it was theirs. */
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

/** Checked after the password, so that only those who know it learn of the ban. @throws {AppError} `forbidden` */
export async function assertNotBanned(
  context: Pick<AuthContext, "database">,
  userId: string,
): Promise<void> {
  if (await isBanned(context, userId)) {
    throw new AppError("forbidden", "An admin banned this account.");
  }
}
