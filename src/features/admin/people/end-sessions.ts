import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { sessions } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { PersonInput } from "./schema.ts";

/**
 * Ends all sessions of a person. They can sign in again.
 *
 * @returns number of ended sessions
 * @throws {AppError} `forbidden` for viewers who are not admins, and for oneself.
 */
export async function endSessions(
  { tx, viewer, noteAct }: WriteContext,
  { userId }: PersonInput,
): Promise<number> {
  assertAdmin(viewer);
  if (userId === viewer.userId) {
    throw new AppError("forbidden", "Your own devices are in your settings.");
  }
  const { count } = await tx
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(sessions.userId, userId),
        ne(sessions.userId, viewer.userId),
        isNull(sessions.revokedAt),
      ),
    );
  if (count === 0) return 0;
  await noteAct({
    action: "sessions.revoked",
    subject: `user ${userId}`,
    detail: { sessions: count },
  });
  return count;
}
