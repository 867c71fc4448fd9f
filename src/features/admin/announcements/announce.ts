import { sql } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { channels } from "@/channels/index.ts";
import { announcements } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { announced } from "./announced.ts";
import { inForce } from "./in-force.ts";
import type { AnnounceInput } from "./schema.ts";

/**
 * Shows a text on every page until its end. It replaces the one in force. Open pages get it by a message, and a job
 * repeats the message every minute.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins.
 */
export async function announce(
  { tx, viewer, send, noteAct }: WriteContext,
  { text, minutes }: AnnounceInput,
): Promise<void> {
  assertAdmin(viewer);
  await tx.update(announcements).set({ withdrawnAt: sql`now()` }).where(inForce);
  const [row] = await tx
    .insert(announcements)
    .values({
      text,
      createdBy: viewer.userId,
      endsAt: sql`now() + ${minutes}::int * interval '1 minute'`,
    })
    .returning();
  if (row === undefined) return;
  await noteAct({
    action: "announcement.made",
    subject: `announcement ${row.id}`,
    detail: { text, endsAt: row.endsAt.toISOString() },
  });
  send(channels.announcement({}), announced(row));
}
