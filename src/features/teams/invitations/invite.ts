import { and, eq, sql } from "drizzle-orm";
import { refusalOf } from "@/db/refusal-of.ts";
import { publicationInvitations } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { invitationDays } from "../limits.ts";
import type { InviteInput } from "../schema.ts";
import { invitationPath } from "./invitation-path.ts";
import { hashToken, newToken } from "./token.ts";

/** Encrypts a token until the e-mail is sent. Returns `null` when no e-mail will be sent. */
type SealToken = (invitationId: string, token: string) => string | null;

/**
 * Invites the person with an e-mail address. An open invitation of the same address is revoked. People with an
 * account get a notification. Other people need the link, which holds the token. A job sends it by
 * e-mail when the site sends e-mails.
 *
 * @returns the path of the invitation with its token. Only the digest is stored, so it cannot be read again.
 * @throws {AppError} `forbidden` without the right to give the role.
 */
export async function invite(
  { tx, viewer, requestNotification, requestInvitationMail }: WriteContext,
  { publicationId, invitationId, email, roleId }: InviteInput,
  sealToken: SealToken = () => null,
): Promise<string> {
  const token = newToken();
  const sealedToken = sealToken(invitationId, token);
  await tx
    .update(publicationInvitations)
    .set({ status: "revoked" })
    .where(
      and(
        eq(publicationInvitations.publicationId, publicationId),
        eq(publicationInvitations.email, email),
        eq(publicationInvitations.status, "open"),
      ),
    );
  await tx
    .insert(publicationInvitations)
    .values({
      id: invitationId,
      publicationId,
      email,
      roleId,
      tokenHash: hashToken(token),
      ...(sealedToken !== null && { sealedToken, mailState: "waiting" as const }),
      invitedBy: viewer.userId,
      expiresAt: sql`now() + make_interval(days => ${invitationDays})`,
    })
    .catch(refuse);
  await requestNotification({ causeType: "invitation", causeId: invitationId });
  if (sealedToken !== null) await requestInvitationMail(invitationId);
  return invitationPath(invitationId, token);
}

function refuse(error: unknown): never {
  const refusal = refusalOf(error);
  if (refusal === "insufficient_privilege" || refusal === "foreign_key_violation") {
    throw new AppError(
      "forbidden",
      "You cannot give this role: it was deleted, or it has permissions that you do not have.",
      { cause: error },
    );
  }
  if (refusal === "unique_violation") {
    throw new AppError(
      "conflict",
      "Another member invited this person at the same time. Nothing was changed.",
      {
        cause: error,
      },
    );
  }
  throw error;
}
