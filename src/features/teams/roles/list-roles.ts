import { asc, desc, eq, sql } from "drizzle-orm";
import { publicationRoles } from "@/db/schema.ts";
import { permissions } from "@/lib/publications/permissions.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Role, TeamInput } from "../schema.ts";

/** The roles of a publication, the role of owners first. Empty for viewers who are no members. */
export async function listRoles(
  { tx, viewer }: ReadContext,
  { publicationId }: TeamInput,
): Promise<readonly Role[]> {
  const rows = await tx
    .select({
      id: publicationRoles.id,
      name: publicationRoles.name,
      permissions: publicationRoles.permissions,
      isOwner: publicationRoles.isOwner,
      isHeld: sql<boolean>`exists (select from publication_member_roles as held
        where held.role_id = publication_roles.id and held.user_id = ${viewer.userId})`,
      memberCount: sql<number>`(select count(*)::int from publication_member_roles as held
        where held.role_id = publication_roles.id)`,
    })
    .from(publicationRoles)
    .where(eq(publicationRoles.publicationId, publicationId))
    .orderBy(desc(publicationRoles.isOwner), asc(publicationRoles.name));
  return rows.map((row) => ({
    ...row,
    permissions: permissions.filter((permission) => row.permissions.includes(permission)),
  }));
}
