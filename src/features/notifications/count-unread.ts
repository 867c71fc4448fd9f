import { and, eq, isNull } from "drizzle-orm";
import { notifications } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";

/** Number of the viewer's unread notifications; 0 when signed out. */
export async function countUnread({ tx, viewer }: ReadContext): Promise<number> {
  if (viewer.userId === null) return 0;
  return tx.$count(
    notifications,
    and(eq(notifications.recipientId, viewer.userId), isNull(notifications.readAt)),
  );
}
