import { and, asc, desc, eq, gt, isNotNull, isNull, sql } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { isNamed } from "@/db/rows/is-named.ts";
import { isoTime } from "@/db/rows/iso-time.ts";
import { sessions, userBans, users } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { type ListPeopleInput, type PeoplePage, peoplePerPage } from "./schema.ts";

/** Lists people, last seen first. @throws {AppError} `forbidden` */
export async function listPeople(
  { tx, viewer }: ReadContext,
  { search, only }: ListPeopleInput,
): Promise<PeoplePage> {
  assertAdmin(viewer);
  const open = tx
    .select({
      userId: sessions.userId,
      open: sql<number>`count(*)::int`.as("open"),
      seen: isoTime(sql`max(${sessions.lastSeenAt})`).as("seen"),
    })
    .from(sessions)
    .where(and(isNull(sessions.revokedAt), gt(sessions.expiresAt, sql`now()`)))
    .groupBy(sessions.userId)
    .as("open_sessions");
  const rows = await tx
    .select({
      id: users.id,
      handle: users.handle,
      name: users.name,
      role: users.role,
      sessions: sql<number>`coalesce(${open.open}, 0)`,
      lastSeenAt: open.seen,
      banReason: userBans.reason,
      bannedAt: userBans.createdAt,
    })
    .from(users)
    .leftJoin(open, eq(open.userId, users.id))
    .leftJoin(userBans, eq(userBans.userId, users.id))
    .where(
      and(
        isNamed(search),
        only === "signed-in" ? isNotNull(open.open) : undefined,
        only === "banned" ? isNotNull(userBans.userId) : undefined,
      ),
    )
    .orderBy(sql`${open.seen} desc nulls last`, desc(userBans.createdAt), asc(users.handle))
    .limit(peoplePerPage + 1);
  const people = rows.slice(0, peoplePerPage).map(({ banReason, bannedAt, ...person }) => ({
    ...person,
    ban: bannedAt === null ? null : { reason: banReason ?? "", since: bannedAt.toISOString() },
  }));
  return { people, hasMore: rows.length > peoplePerPage };
}
