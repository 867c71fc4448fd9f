import { sql } from "drizzle-orm";
import { isoTime } from "@/db/rows/iso-time.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Invitation, InvitationStatus, OwnInvitationInput } from "../schema.ts";
import { hashToken } from "./token.ts";

/**
 * An invitation, for a viewer who has its token or its e-mail. Invited people are no members yet, so a function of
 * the database reads it for them.
 *
 * @throws {AppError} `not_found` for all other viewers.
 */
export async function getInvitation(
  { tx }: ReadContext,
  { invitationId, token }: OwnInvitationInput,
): Promise<Invitation> {
  const [row] = await tx.execute<Row>(sql`
    select id, email, status, ${isoTime(sql`expires_at`)} as "expiresAt", is_expired as "isExpired",
      is_for_viewer as "isForViewer", has_proof as "hasProof", slug, name, description,
      role_name as "roleName", invited_by as "invitedBy"
    from app.read_invitation(${invitationId}, ${token === undefined ? null : hashToken(token)})`);
  if (row === undefined) {
    throw new AppError(
      "not_found",
      "This invitation does not exist, or is for another person. Open the link that you received.",
    );
  }
  const { slug, name, description, ...invitation } = row;
  return { ...invitation, publication: { slug, name, description } };
}

type Row = {
  readonly id: string;
  readonly email: string;
  readonly status: InvitationStatus;
  readonly expiresAt: string;
  readonly isExpired: boolean;
  readonly isForViewer: boolean;
  readonly hasProof: boolean;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly roleName: string;
  readonly invitedBy: string;
};
