import { sql } from "drizzle-orm";
import type { ReadContext } from "@/wiring/context-types.ts";
import { unreadCountedAtMost } from "./limits.ts";
import type { DeskInput } from "./schema.ts";

/**
 * The messages of a publication's chat that are newer than the viewer's last visit, or than their membership before the
 * first one. The viewer's own messages do not count. Counts to {@link unreadCountedAtMost}; 0 for viewers who are no
 * members.
 */
export async function countUnread(
  { tx, viewer }: ReadContext,
  { publicationId }: DeskInput,
): Promise<number> {
  if (viewer.userId === null) return 0;
  const [row] = await tx.execute<{ unread: number }>(sql`
    select count(*)::int as unread from (
      select from chat_messages as message
      join publication_members as member
        on member.publication_id = message.publication_id and member.user_id = ${viewer.userId}
      left join desk_visits as visit
        on visit.publication_id = member.publication_id and visit.user_id = member.user_id
      where message.publication_id = ${publicationId}
        and message.author_id is distinct from member.user_id
        and message.created_at > coalesce(visit.seen_at, member.joined_at)
      limit ${unreadCountedAtMost}) as counted`);
  return row?.unread ?? 0;
}
