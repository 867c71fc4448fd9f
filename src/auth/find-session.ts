import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { sessions, users } from "@/db/schema.ts";
import type { AuthContext } from "./auth-context.ts";
import type { SessionToken } from "./session-token.ts";

/** Whoever a verified session belongs to, with the role of this moment. */
export interface SignedIn {
  readonly userId: string;
  readonly role: "reader" | "author" | "admin";
  readonly sessionId: string;
  /** Whether the account was made within the last day: it may write less. */
  readonly isNew: boolean;
}

/**
 * The session a verified token names, unless it was revoked, has expired, or its user is gone. Asked
 * anew for each request: that is what makes a revocation count at once.
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
  // At most one write a minute, whatever the number of requests.
  if (found.unseen) {
    await database.asAuth((tx) =>
      tx.update(sessions).set({ lastSeenAt: sql`now()` }).where(eq(sessions.id, sessionId)),
    );
  }
  return { userId, role: found.role, sessionId, isNew: found.isNew };
}
