import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { sessions } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { AuthContext } from "../auth-context.ts";
import type { SignedIn } from "./find-session.ts";

/**
 * Ends all sessions of a person but one.
 *
 * @param origin origin of the mutation, see `originOf`
 * @throws {AppError} `unauthenticated` without a session to keep.
 */
export async function revokeOtherSessions(
  { database, onSessionEnded }: Pick<AuthContext, "database" | "onSessionEnded">,
  viewer: Omit<SignedIn, "isNew"> | null,
  origin?: string,
): Promise<void> {
  if (viewer === null) throw new AppError("unauthenticated", "Sign in to do that.");
  const { userId, sessionId } = viewer;
  const { count } = await database.writeAs(
    viewer,
    async (tx) =>
      tx
        .update(sessions)
        .set({ revokedAt: sql`now()` })
        .where(
          and(
            eq(sessions.userId, userId), // Row-level security lets admins end sessions of other people too.
            ne(sessions.id, sessionId),
            isNull(sessions.revokedAt),
          ),
        ),
    origin,
  );
  if (count > 0) onSessionEnded?.(userId);
}
