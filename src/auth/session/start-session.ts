import { sessions } from "@/db/schema.ts";
import { assertNotBanned } from "../assert-not-banned.ts";
import type { AuthContext, RequestSource } from "../auth-context.ts";

/** A session ends 30 days after sign-in, with or without activity. */
export const SESSION_AGE_S = 30 * 24 * 60 * 60;

/**
 * Creates a session row, without which no token is valid. Every way to sign in calls it.
 *
 * @throws {AppError} `forbidden` for a banned account.
 */
export async function startSession(
  context: Pick<AuthContext, "database">,
  userId: string,
  source: RequestSource,
): Promise<{ readonly sessionId: string; readonly expiresAt: Date }> {
  const expiresAt = new Date(Date.now() + SESSION_AGE_S * 1_000);
  await assertNotBanned(context, userId);
  const [session] = await context.database.asAuth((tx) =>
    tx
      .insert(sessions)
      .values({ userId, expiresAt, ...source })
      .returning({ id: sessions.id }),
  );
  if (session === undefined) throw new Error("An insert returned no row.");
  return { sessionId: session.id, expiresAt };
}
