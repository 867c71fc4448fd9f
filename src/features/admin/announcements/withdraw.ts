import { and, eq, sql } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { channels } from "@/channels/index.ts";
import { announcements } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { inForce } from "./in-force.ts";
import type { WithdrawInput } from "./schema.ts";

/**
 * Removes an announcement from every page before its end.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins; `conflict` when it is not in force any more.
 */
export async function withdraw(
  { tx, viewer, send, noteAct }: WriteContext,
  { announcementId }: WithdrawInput,
): Promise<void> {
  assertAdmin(viewer);
  const [row] = await tx
    .update(announcements)
    .set({ withdrawnAt: sql`now()` })
    .where(and(eq(announcements.id, announcementId), inForce))
    .returning({ text: announcements.text });
  if (row === undefined) throw new AppError("conflict", "This announcement has ended already.");
  await noteAct({
    action: "announcement.withdrawn",
    subject: `announcement ${announcementId}`,
    detail: { text: row.text },
  });
  send(channels.announcement({}), {
    type: "maintenance.withdrawn",
    fields: { announcementId },
  });
}
