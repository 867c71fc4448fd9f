import { desc, eq, sql } from "drizzle-orm";
import { isoTime } from "@/db/rows/iso-time.ts";
import { publicationInvitations, publicationRoles, users } from "@/db/schema.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { SentInvitation, TeamInput } from "../schema.ts";

/** The invitations of a publication, newest first. Empty for viewers who do not manage its members. */
export async function listInvitations(
  { tx }: ReadContext,
  { publicationId }: TeamInput,
): Promise<readonly SentInvitation[]> {
  return tx
    .select({
      id: publicationInvitations.id,
      email: publicationInvitations.email,
      roleName: publicationRoles.name,
      invitedBy: users.name,
      status: publicationInvitations.status,
      createdAt: isoTime(publicationInvitations.createdAt),
      expiresAt: isoTime(publicationInvitations.expiresAt),
      mailState: publicationInvitations.mailState,
      isExpired: sql<boolean>`${publicationInvitations.expiresAt} <= now()`,
    })
    .from(publicationInvitations)
    .innerJoin(publicationRoles, eq(publicationRoles.id, publicationInvitations.roleId))
    .innerJoin(users, eq(users.id, publicationInvitations.invitedBy))
    .where(eq(publicationInvitations.publicationId, publicationId))
    .orderBy(desc(publicationInvitations.createdAt))
    .limit(listedAtMost);
}
