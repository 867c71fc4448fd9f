import { and, desc, eq, gt, isNull, or } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { channelJoins, users } from "@/db/schema.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Subscriber, SubscribersInput } from "./schema.ts";

const isNotKnownToHaveLeft = or(
  isNull(channelJoins.vacatedAt),
  gt(channelJoins.joinedAt, channelJoins.vacatedAt),
);

/**
 * The people who joined a channel in the last 24 hours and have not left as far as known, newest join
 * first.
 *
 * @throws {AppError} `forbidden`
 */
export async function listSubscribers(
  { tx, viewer }: ReadContext,
  { channel }: SubscribersInput,
): Promise<readonly Subscriber[]> {
  assertAdmin(viewer);
  const rows = await tx
    .select({
      id: users.id,
      handle: users.handle,
      name: users.name,
      joinedAt: channelJoins.joinedAt,
    })
    .from(channelJoins)
    .innerJoin(users, eq(users.id, channelJoins.userId))
    .where(and(eq(channelJoins.channel, channel), isNotKnownToHaveLeft))
    .orderBy(desc(channelJoins.joinedAt))
    .limit(listedAtMost);
  return rows.map((row) => ({ ...row, joinedAt: row.joinedAt.toISOString() }));
}
