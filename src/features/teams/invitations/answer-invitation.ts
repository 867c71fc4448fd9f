import { sql } from "drizzle-orm";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { AnswerInput } from "../schema.ts";
import { hashToken } from "./token.ts";

const refusals: Readonly<Record<string, string>> = {
  accepted: "You have accepted this invitation. To leave, open the settings of the publication.",
  declined: "You have declined this invitation. Ask for a new one.",
  revoked: "This invitation was revoked. Ask for a new one.",
  withdrawn: "The sender of this invitation can no longer give its role. Ask for a new one.",
  expired: "This invitation has expired. Ask for a new one.",
};

/**
 * Accepts or declines an invitation as the person with its e-mail. Accepting makes the viewer a member. The same
 * answer a second time changes nothing.
 *
 * @throws {AppError} `not_found` for other people, and without the token for an account that has not proved its e-mail;
 * `conflict` when it was answered otherwise, was revoked or has expired, or when its sender can no longer
 * give its role.
 */
export async function answerInvitation(
  { tx }: WriteContext,
  { invitationId, token, accepts }: AnswerInput,
): Promise<void> {
  const digest = token === undefined ? null : hashToken(token);
  const [row] = await tx.execute<{ status: string }>(sql`
    select status from app.answer_invitation(${invitationId}, ${digest}, ${accepts}) as answer (status)`);
  if (row === undefined) {
    throw new AppError(
      "not_found",
      "To answer this invitation, sign in with the e-mail that it was sent to, and open its link.",
    );
  }
  if (row.status !== (accepts ? "accepted" : "declined")) {
    throw new AppError("conflict", refusals[row.status] ?? "This invitation cannot be answered.");
  }
}
