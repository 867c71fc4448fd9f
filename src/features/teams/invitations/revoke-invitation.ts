import { and, eq } from "drizzle-orm";
import { publicationInvitations } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { InvitationInput } from "../schema.ts";

/**
 * Revokes an open invitation. Its link no longer works.
 *
 * @throws {AppError} `conflict` when it is not open, or the viewer does not manage members.
 */
export async function revokeInvitation(
  { tx }: WriteContext,
  { invitationId }: InvitationInput,
): Promise<void> {
  const { count } = await tx
    .update(publicationInvitations)
    .set({ status: "revoked" })
    .where(
      and(eq(publicationInvitations.id, invitationId), eq(publicationInvitations.status, "open")),
    );
  if (count === 0) {
    throw new AppError("conflict", "This invitation was answered or revoked in the meantime.");
  }
}
