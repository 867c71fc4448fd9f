import { and, eq, sql } from "drizzle-orm";
import { refusalOf } from "@/db/refusal-of.ts";
import { publicationInvitations } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { invitationDays } from "./limits.ts";
import type { InviteInput } from "./schema.ts";
import { hashToken, newToken } from "./token.ts";

/**
 * Invites the person with an e-mail address. An open invitation of the same address is revoked. People with an
 * account get a notification; everybody else needs the link, which holds the token.
 *
 * @returns the path of the invitation with its token. Only the digest is stored, so it cannot be read again.
 * @throws {AppError} `forbidden` without the right to give the role.
 */
export async function invite(
  { tx, viewer, requestNotification }: WriteContext,
  { publicationId, invitationId, email, roleId }: InviteInput,
): Promise<string> {
  const token = newToken();
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
      ...{ id: invitationId, publicationId, email, roleId },
      tokenHash: hashToken(token),
      invitedBy: viewer.userId,
      expiresAt: sql`now() + make_interval(days => ${invitationDays})`,
    })
    .catch(refuse);
  await requestNotification({ causeType: "invitation", causeId: invitationId });
  return `/invitations/${invitationId}?${new URLSearchParams({ token })}`;
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
    throw new AppError("conflict", "This person was invited at the same time. Look at the list.", {
      cause: error,
    });
  }
  throw error;
}
