import { z } from "zod";
import { type Permission, permissions } from "@/lib/publications/permissions.ts";
import { personSearch } from "@/lib/text/person-search.ts";
import { typedText } from "@/lib/text/typed-text.ts";
import { roleNameLength } from "./limits.ts";

/** A role, for members of its publication. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** The role of owners has all permissions and cannot be changed. */
  readonly isOwner: boolean;
  /** Whether the viewer has it. */
  readonly isHeld: boolean;
  readonly memberCount: number;
}

/** A member. Times are ISO 8601. */
export interface TeamMember {
  readonly userId: string;
  readonly handle: string;
  readonly name: string;
  readonly joinedAt: string;
  readonly roles: readonly { readonly id: string; readonly name: string }[];
}

export type InvitationStatus = "open" | "accepted" | "declined" | "revoked";

/** An invitation, for members who manage members. */
export interface SentInvitation {
  readonly id: string;
  readonly email: string;
  readonly roleName: string;
  readonly invitedBy: string;
  readonly status: InvitationStatus;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly isExpired: boolean;
  /** Whether its e-mail was sent; null when the site sends none. */
  readonly mailState: "waiting" | "sent" | "failed" | null;
}

/** An invitation on its own page, for the viewer who has its link or its e-mail. */
export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly status: InvitationStatus;
  readonly isExpired: boolean;
  readonly expiresAt: string;
  /** Whether the viewer is signed in with the e-mail of the invitation. */
  readonly isForViewer: boolean;
  /** Whether the viewer may answer: by the token of the link, or since their account has proved its e-mail. */
  readonly hasProof: boolean;
  readonly publication: {
    readonly slug: string;
    readonly name: string;
    readonly description: string;
  };
  readonly roleName: string;
  readonly invitedBy: string;
}

/** An open invitation in the list of the invited person. */
export interface OwnInvitation {
  readonly id: string;
  readonly expiresAt: string;
  /** Whether the account has proved its e-mail. Without proof the link is needed to answer. */
  readonly hasProof: boolean;
  readonly publication: { readonly slug: string; readonly name: string };
  readonly roleName: string;
  readonly invitedBy: string;
}

const publicationId = z.uuid();

export const teamInput = z.object({ publicationId });
export type TeamInput = z.infer<typeof teamInput>;

export const listMembersInput = teamInput.extend(personSearch.shape);
export type ListMembersInput = z.infer<typeof listMembersInput>;

export const memberInput = z.object({ publicationId, userId: z.uuid() });
export type MemberInput = z.infer<typeof memberInput>;

export const memberRoleInput = z.object({ publicationId, userId: z.uuid(), roleId: z.uuid() });
export type MemberRoleInput = z.infer<typeof memberRoleInput>;

export const saveRoleInput = z.object({
  publicationId,
  roleId: z.uuid(),
  name: typedText()
    .trim()
    .min(1, { error: "Enter a name." })
    .max(roleNameLength, { error: `A name has at most ${roleNameLength} characters.` }),
  permissions: z.array(z.enum(permissions)).max(permissions.length),
  /** The stored role that the form was filled from; null for a new role. */
  basedOn: z
    .object({
      name: typedText(),
      permissions: z.array(z.enum(permissions)).max(permissions.length),
    })
    .nullable(),
});
export type SaveRoleInput = z.infer<typeof saveRoleInput>;

export const roleInput = z.object({ publicationId, roleId: z.uuid() });
export type RoleInput = z.infer<typeof roleInput>;

export const inviteInput = z.object({
  publicationId,
  invitationId: z.uuid(),
  email: typedText()
    .trim()
    .toLowerCase()
    .max(254, { error: "An e-mail address has at most 254 characters." })
    .pipe(z.email({ error: "Enter an e-mail address, for example ada@example.com." })),
  roleId: z.uuid({ error: "Choose a role." }),
});
export type InviteInput = z.infer<typeof inviteInput>;

export const invitationInput = z.object({ invitationId: z.uuid() });
export type InvitationInput = z.infer<typeof invitationInput>;

/** The token is in the link of the invitation. */
export const ownInvitationInput = z.object({
  invitationId: z.uuid(),
  token: typedText().max(100).optional(),
});
export type OwnInvitationInput = z.infer<typeof ownInvitationInput>;

export const answerInput = ownInvitationInput.extend({ accepts: z.boolean() });
export type AnswerInput = z.infer<typeof answerInput>;
