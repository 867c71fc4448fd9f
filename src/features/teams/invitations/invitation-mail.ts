import { and, eq, sql } from "drizzle-orm";
import { isoTime } from "@/db/rows/iso-time.ts";
import { publicationInvitations, publicationRoles, publications, users } from "@/db/schema.ts";
import type { MailMessage } from "@/lib/mail/mailer.ts";
import { longDate } from "@/lib/text/relative-time.ts";
import type { JobContext } from "@/wiring/context-types.ts";
import { invitationPath } from "./invitation-path.ts";

/** What the e-mail of an invitation says, and its encrypted token. */
export interface InvitationMail {
  readonly invitationId: string;
  readonly email: string;
  readonly sealedToken: string;
  readonly expiresAt: string;
  readonly publicationName: string;
  readonly roleName: string;
  readonly invitedBy: string;
}

/** The invitation whose e-mail is to be sent; `null` when it was sent, answered or revoked, or has expired. */
export async function findInvitationMail(
  { tx }: JobContext,
  invitationId: string,
): Promise<InvitationMail | null> {
  const [row] = await tx
    .select({
      invitationId: publicationInvitations.id,
      email: publicationInvitations.email,
      sealedToken: sql<string>`${publicationInvitations.sealedToken}`,
      expiresAt: isoTime(publicationInvitations.expiresAt),
      publicationName: publications.name,
      roleName: publicationRoles.name,
      invitedBy: users.name,
    })
    .from(publicationInvitations)
    .innerJoin(publications, eq(publications.id, publicationInvitations.publicationId))
    .innerJoin(publicationRoles, eq(publicationRoles.id, publicationInvitations.roleId))
    .innerJoin(users, eq(users.id, publicationInvitations.invitedBy))
    .where(
      and(
        eq(publicationInvitations.id, invitationId),
        eq(publicationInvitations.status, "open"),
        eq(publicationInvitations.mailState, "waiting"),
        sql`${publicationInvitations.expiresAt} > now()`,
      ),
    );
  return row ?? null;
}

/**
 * Records what became of the e-mail, and removes its token. The captured table shows it to the inviter.
 *
 * @param state `null`: it was not needed any more
 */
export async function noteInvitationMail(
  { tx }: JobContext,
  invitationId: string,
  state: "sent" | "failed" | null,
): Promise<void> {
  await tx
    .update(publicationInvitations)
    .set({ mailState: state, sealedToken: null })
    .where(
      and(
        eq(publicationInvitations.id, invitationId),
        eq(publicationInvitations.mailState, "waiting"),
      ),
    );
}

/** @param siteUrl the public URL of the site */
export function writeInvitationMail(
  mail: InvitationMail,
  token: string,
  siteUrl: string,
): MailMessage {
  const { invitationId, email, publicationName, roleName, invitedBy, expiresAt } = mail;
  return {
    id: `invitation.${invitationId}`,
    to: email,
    subject: `${invitedBy} invites you to ${publicationName}`,
    text: [
      `${invitedBy} invites you to the publication “${publicationName}” on Inkwell. Your role: ${roleName}.`,
      `Open this link to accept or decline:\n${new URL(invitationPath(invitationId, token), siteUrl)}`,
      `The link is for ${email} and valid until ${longDate(Date.parse(expiresAt))}. If you do not know the sender, ignore this message.`,
      "",
    ].join("\n\n"),
  };
}
