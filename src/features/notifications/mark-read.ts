import { and, eq, isNull, sql } from "drizzle-orm";
import { notifications } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { MarkReadInput } from "./schema.ts";
import { notificationRead } from "./signals.ts";

/**
 * Marks one notification as read. An id of another person, or of one already read, changes and publishes
 * nothing.
 */
export async function markRead(
  { tx, viewer, publish }: WriteContext,
  { notificationId }: MarkReadInput,
): Promise<void> {
  const [row] = await tx
    .update(notifications)
    .set({ readAt: sql`now()` })
    .where(
      and(
        eq(notifications.id, notificationId),
        eq(notifications.recipientId, viewer.userId),
        isNull(notifications.readAt),
      ),
    )
    .returning({ id: notifications.id });
  if (row !== undefined) await publish(notificationRead(viewer.userId, row.id));
}
