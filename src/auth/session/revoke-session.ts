import { and, eq, isNull, sql } from "drizzle-orm";
import { sessions } from "@/db/schema.ts";
import type { Viewer } from "@/db/viewer.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { AuthContext } from "../auth-context.ts";

/**
 * Ends one of the viewer's own sessions.
 *
 * @param origin origin of the mutation, see `originOf`
 * @throws {AppError} `not_found` for a session that is not theirs or has already ended.
 */
export async function revokeSession(
  { database, onSessionEnded }: Pick<AuthContext, "database" | "onSessionEnded">,
  viewer: Viewer,
  sessionId: string,
  origin?: string,
): Promise<void> {
  const { count } = await database.writeAs(
    viewer,
    async (tx) =>
      tx
        .update(sessions)
        .set({ revokedAt: sql`now()` })
        .where(
          and(
            eq(sessions.id, sessionId),
            // Row-level security lets admins end sessions of other people too, which is an act for the audit log.
            eq(sessions.userId, sql`${viewer.userId}::uuid`),
            isNull(sessions.revokedAt),
          ),
        ),
    origin,
  );
  if (count === 0) throw new AppError("not_found", "This session has already ended.");
  // A trigger on the table has revoked the channels of the session with the commit.
  if (viewer.userId !== null) onSessionEnded?.(viewer.userId);
}
