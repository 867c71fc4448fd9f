import { desc } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { announcements } from "@/db/schema.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { AnnouncementRow } from "./schema.ts";

/** The last announcements, newest first. @throws {AppError} `forbidden` for viewers who are not admins. */
export async function listAnnouncements({
  tx,
  viewer,
}: ReadContext): Promise<readonly AnnouncementRow[]> {
  assertAdmin(viewer);
  const rows = await tx
    .select()
    .from(announcements)
    .orderBy(desc(announcements.createdAt))
    .limit(listedAtMost);
  const state = ({ withdrawnAt, endsAt }: (typeof rows)[number]) => {
    if (withdrawnAt !== null) return "withdrawn";
    return endsAt.getTime() > Date.now() ? "in force" : "ended";
  };
  return rows.map((row) => ({
    id: row.id,
    text: row.text,
    createdAt: row.createdAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    state: state(row),
  }));
}
