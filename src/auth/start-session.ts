import { sessions } from "@/db/schema.ts";
import { assertNotBanned } from "./assert-not-banned.ts";
import type { AuthContext, RequestSource } from "./auth-context.ts";

/** A session ends 30 days after signing in, however busy it was. */
export const SESSION_AGE_S = 30 * 24 * 60 * 60;

/**
 * Writes the row that makes a session: without it no token counts. Whatever way somebody comes in, it is
 * through here.
 *
 * @throws {AppError} `forbidden` for whoever is banned.
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
