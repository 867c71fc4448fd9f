import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { sessions, users } from "@/db/schema.ts";
import type { AuthContext } from "../auth-context.ts";
import type { SessionToken } from "./session-token.ts";

/** The user of a valid session, with the current role. */
export interface SignedIn {
  readonly userId: string;
  readonly role: "reader" | "author" | "admin";
  readonly sessionId: string;
  /** Whether the account was created within the last day. New accounts have lower write limits. */
  readonly isNew: boolean;
}

/**
 * Finds the session that a verified token names, unless it is revoked or expired or its user was deleted.
 * It is read for each request, so that a revocation takes effect at once.
 */
export async function findSession(
  { database }: Pick<AuthContext, "database">,
  { sessionId, userId }: SessionToken,
): Promise<SignedIn | null> {
  const [found] = await database.asAuth(
    (tx) =>
      tx
        .select({
          role: users.role,
          isNew: sql<boolean>`${users.createdAt} > now() - interval '1 day'`,
          unseen: sql<boolean>`${sessions.lastSeenAt} < now() - interval '1 minute'`,
        })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(
          and(
            eq(sessions.id, sessionId),
            eq(sessions.userId, userId),
            isNull(sessions.revokedAt),
            gt(sessions.expiresAt, sql`now()`),
          ),
        ),
    "read",
  );
  if (found === undefined) return null;
  // Limits writes to one per minute.
  if (found.unseen) {
    await database.asAuth((tx) =>
      tx.update(sessions).set({ lastSeenAt: sql`now()` }).where(eq(sessions.id, sessionId)),
    );
  }
  return { userId, role: found.role, sessionId, isNew: found.isNew };
}
