import { eq } from "drizzle-orm";
import { userBans } from "@/db/schema.ts";
import { AppError } from "@/lib/app-error.ts";
import type { AuthContext } from "./auth-context.ts";

/** Asked after the password: whoever does not know it learns nothing. @throws {AppError} `forbidden` */
export async function assertNotBanned(
  { database }: Pick<AuthContext, "database">,
  userId: string,
): Promise<void> {
  const [ban] = await database.asAuth(
    (tx) =>
      tx.select({ userId: userBans.userId }).from(userBans).where(eq(userBans.userId, userId)),
    "read",
  );
  if (ban !== undefined) {
    throw new AppError("forbidden", "This account was closed by the people who run this site.");
  }
}
