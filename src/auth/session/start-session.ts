import { and, eq } from "drizzle-orm";
import { refusalOf } from "@/db/refusal-of.ts";
import { credentials, sessions } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { banned } from "../assert-not-banned.ts";
import type { AuthContext, RequestSource } from "../auth-context.ts";
import { wrongPassword } from "../password/check-password.ts";

/** A session ends 30 days after sign-in, with or without activity. */
export const SESSION_AGE_S = 30 * 24 * 60 * 60;

/**
 * Creates a session row, without which no token is valid. Every way to sign in calls it.
 *
 * @param passwordHash for a sign-in with a password: the hash that it matched
 * @throws {AppError} `forbidden` for a banned account; `unauthenticated` when the password was changed since.
 */
export async function startSession(
  context: Pick<AuthContext, "database">,
  userId: string,
  source: RequestSource,
  passwordHash?: string,
): Promise<{ readonly sessionId: string; readonly expiresAt: Date }> {
  const expiresAt = new Date(Date.now() + SESSION_AGE_S * 1_000);
  const [session] = await context.database.asAuth(async (tx) => {
    if (passwordHash !== undefined) await holdPassword(tx, userId, passwordHash);
    return tx
      .insert(sessions)
      .values({ userId, expiresAt, ...source })
      .returning({ id: sessions.id })
      .catch((error: unknown) => {
        // A trigger refuses it.
        throw refusalOf(error) === "insufficient_privilege" ? banned(error) : error;
      });
  });
  if (session === undefined) throw new Error("An insert returned no row.");
  return { sessionId: session.id, expiresAt };
}

/** Until the end of the transaction the password is not changed. A change waits, and then ends the new session. */
async function holdPassword(tx: Transaction, userId: string, passwordHash: string): Promise<void> {
  const held = await tx
    .select({ userId: credentials.userId })
    .from(credentials)
    .where(and(eq(credentials.userId, userId), eq(credentials.passwordHash, passwordHash)))
    .for("share");
  if (held.length === 0) throw wrongPassword();
}
