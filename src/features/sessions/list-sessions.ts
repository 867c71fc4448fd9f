import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { sessions } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { describeDevice } from "./describe-device.ts";
import type { Session } from "./schema.ts";

/** The viewer's sessions, last seen first. @throws {AppError} `unauthenticated` */
export async function listSessions({ tx, viewer }: ReadContext): Promise<readonly Session[]> {
  const { userId } = viewer;
  if (userId === null) throw new AppError("unauthenticated", "Sign in to see your sessions.");
  const rows = await tx
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.userId, userId), // Row-level security lets admins read sessions of other people too.
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, sql`now()`),
      ),
    )
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.createdAt));
  return rows.map(({ id, userAgent, address, createdAt, lastSeenAt }) => ({
    id,
    ...describeDevice(userAgent),
    address: address === "" || address === "unknown" ? null : address,
    startedAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
  }));
}
