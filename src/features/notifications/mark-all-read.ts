import { and, eq, isNull, sql } from "drizzle-orm";
import { notifications } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { allNotificationsRead } from "./signals.ts";

/** Marks all notifications as read, with one signal. */
export async function markAllRead({ tx, viewer, publish }: WriteContext): Promise<void> {
  const rows = await tx
    .update(notifications)
    .set({ readAt: sql`now()` })
    .where(and(eq(notifications.recipientId, viewer.userId), isNull(notifications.readAt)))
    .returning({ id: notifications.id });
  if (rows.length > 0) await publish(allNotificationsRead(viewer.userId));
}
