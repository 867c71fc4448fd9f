import { and, asc, eq, sql } from "drizzle-orm";
import { isNamed } from "@/db/rows/is-named.ts";
import { isoTime } from "@/db/rows/iso-time.ts";
import { publicationMembers, users } from "@/db/schema.ts";
import { longListAtMost } from "@/lib/list-limits.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { ListMembersInput, TeamMember } from "./schema.ts";

/**
 * The members of a publication, or those of them whose name or handle has a text, in the order in which they joined.
 * Empty for viewers who are no members.
 */
export async function listMembers(
  { tx }: ReadContext,
  { publicationId, search }: ListMembersInput,
): Promise<readonly TeamMember[]> {
  return tx
    .select({
      userId: publicationMembers.userId,
      handle: users.handle,
      name: users.name,
      joinedAt: isoTime(publicationMembers.joinedAt),
      roles: sql<TeamMember["roles"]>`coalesce((
        select json_agg(json_build_object('id', role.id, 'name', role.name)
          order by role.is_owner desc, role.name)
        from publication_member_roles as held join publication_roles as role on role.id = held.role_id
        where held.publication_id = ${publicationMembers.publicationId}
          and held.user_id = ${publicationMembers.userId}), '[]')`,
    })
    .from(publicationMembers)
    .innerJoin(users, eq(users.id, publicationMembers.userId))
    .where(and(eq(publicationMembers.publicationId, publicationId), isNamed(search)))
    .orderBy(asc(publicationMembers.joinedAt), asc(users.name))
    .limit(longListAtMost);
}
