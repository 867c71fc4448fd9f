import { and, desc, gt, isNull, sql } from "drizzle-orm";
import { announcements } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Announcement } from "./schema.ts";

/** The newest announcement in force, or null. The same for every viewer. */
export async function getAnnouncement({ tx }: ReadContext): Promise<Announcement | null> {
  const { id, text, endsAt, withdrawnAt, createdAt } = announcements;
  const leftMs = sql<number>`(extract(epoch from ${endsAt} - now()) * 1000)::float8`;
  const [row] = await tx
    .select({ id, text, leftMs })
    .from(announcements)
    // Admins may read past ones too.
    .where(and(isNull(withdrawnAt), gt(endsAt, sql`now()`)))
    .orderBy(desc(createdAt))
    .limit(1);
  return row ?? null;
}
