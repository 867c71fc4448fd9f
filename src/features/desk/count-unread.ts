import { sql } from "drizzle-orm";
import type { ReadContext } from "@/wiring/context-types.ts";
import { unreadCountedAtMost } from "./limits.ts";
import type { DeskInput, UnreadCounts } from "./schema.ts";

/**
 * For each publication of the viewer, the messages of its chat that are newer than the viewer's last visit, or than
 * their membership before the first one. The viewer's own messages do not count. Each number goes up to
 * {@link unreadCountedAtMost}. Empty when signed out.
 */
export const listUnread = (ctx: ReadContext): Promise<UnreadCounts> => countAll(ctx, null);

/** As {@link listUnread}, for one publication. 0 for viewers who are no members. */
export async function countUnread(ctx: ReadContext, { publicationId }: DeskInput): Promise<number> {
  return (await countAll(ctx, publicationId))[publicationId] ?? 0;
}

async function countAll(
  { tx, viewer }: ReadContext,
  publicationId: string | null,
): Promise<UnreadCounts> {
  if (viewer.userId === null) return {};
  const rows = await tx.execute<{ id: string; unread: number }>(sql`
    select member.publication_id as id, (
      select count(*)::int from (
        select from chat_messages as message
        where message.publication_id = member.publication_id
          and message.author_id is distinct from member.user_id
          and message.created_at > coalesce(visit.seen_at, member.joined_at)
        limit ${unreadCountedAtMost}) as counted) as unread
    from publication_members as member
    left join desk_visits as visit
      on visit.publication_id = member.publication_id and visit.user_id = member.user_id
    where member.user_id = ${viewer.userId}
      and (${publicationId}::uuid is null or member.publication_id = ${publicationId}::uuid)`);
  return Object.fromEntries(rows.map(({ id, unread }) => [id, unread]));
}
