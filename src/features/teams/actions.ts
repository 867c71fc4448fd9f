"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { mailer, sealToken } from "@/wiring/mail/mailer.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { answerInvitation } from "./invitations/answer-invitation.ts";
import { invite } from "./invitations/invite.ts";
import { revokeInvitation } from "./invitations/revoke-invitation.ts";
import { removeMember } from "./remove-member.ts";
import { deleteRole } from "./roles/delete-role.ts";
import { giveRole } from "./roles/give-role.ts";
import { saveRole } from "./roles/save-role.ts";
import { takeRole } from "./roles/take-role.ts";
import {
  type AnswerInput,
  answerInput,
  type InvitationInput,
  type InviteInput,
  invitationInput,
  inviteInput,
  type MemberInput,
  type MemberRoleInput,
  memberInput,
  memberRoleInput,
  type RoleInput,
  roleInput,
  type SaveRoleInput,
  saveRoleInput,
} from "./schema.ts";

export async function removeMemberAction(
  stamp: PageStamp,
  input: MemberInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = memberInput.parse(input);
    await writeAsViewer((ctx) => removeMember(ctx, parsed), origin);
  });
}

export async function giveRoleAction(
  stamp: PageStamp,
  input: MemberRoleInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = memberRoleInput.parse(input);
    await writeAsViewer((ctx) => giveRole(ctx, parsed), origin);
  });
}

export async function takeRoleAction(
  stamp: PageStamp,
  input: MemberRoleInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = memberRoleInput.parse(input);
    await writeAsViewer((ctx) => takeRole(ctx, parsed), origin);
  });
}

export async function saveRoleAction(
  stamp: PageStamp,
  input: SaveRoleInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = saveRoleInput.parse(input);
    await writeAsViewer((ctx) => saveRole(ctx, parsed), origin);
  });
}

export async function deleteRoleAction(
  stamp: PageStamp,
  input: RoleInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = roleInput.parse(input);
    await writeAsViewer((ctx) => deleteRole(ctx, parsed), origin);
  });
}

/** @returns the path of the invitation with its token, which cannot be read again; and whether an e-mail is sent */
export async function inviteAction(
  stamp: PageStamp,
  input: InviteInput,
  origin?: string,
): Promise<ActionResult<{ readonly path: string; readonly isMailed: boolean }>> {
  return runAction(stamp, async () => {
    const parsed = inviteInput.parse(input);
    const path = await writeAsViewer((ctx) => invite(ctx, parsed, sealToken), origin);
    return { path, isMailed: mailer() !== null };
  });
}

export async function revokeInvitationAction(
  stamp: PageStamp,
  input: InvitationInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = invitationInput.parse(input);
    await writeAsViewer((ctx) => revokeInvitation(ctx, parsed), origin);
  });
}

export async function answerInvitationAction(
  stamp: PageStamp,
  input: AnswerInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = answerInput.parse(input);
    await writeAsViewer((ctx) => answerInvitation(ctx, parsed), origin);
  });
}
