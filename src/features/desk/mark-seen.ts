import { and, eq, lt, sql } from "drizzle-orm";
import { signal } from "querycast";
import { channels } from "@/channels/index.ts";
import { chatMessages, deskVisits } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { MarkSeenInput } from "./schema.ts";

/**
 * Marks a message of a publication's chat, and all before it, as seen by the viewer. Changes nothing when a later one
 * was seen, or when the viewer cannot read the message.
 */
export async function markSeen(
  { tx, viewer, publish }: WriteContext,
  { publicationId, messageId }: MarkSeenInput,
): Promise<void> {
  const visits = await tx
    .insert(deskVisits)
    .select(
      tx
        .select({
          publicationId: chatMessages.publicationId,
          userId: sql`${viewer.userId}::uuid`.as("user_id"),
          seenAt: chatMessages.createdAt,
        })
        .from(chatMessages)
        .where(and(eq(chatMessages.id, messageId), eq(chatMessages.publicationId, publicationId))),
    )
    .onConflictDoUpdate({
      target: [deskVisits.publicationId, deskVisits.userId],
      set: { seenAt: sql`excluded.seen_at` },
      setWhere: lt(deskVisits.seenAt, sql`excluded.seen_at`),
    })
    .returning({ publicationId: deskVisits.publicationId });
  const own = channels.user({ userId: viewer.userId });
  await publish(...visits.map((ids) => signal(own, "desk.seen", ids)));
}
