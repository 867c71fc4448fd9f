"use client";

import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Notice } from "@/ui/notice.tsx";
import { answerInvitationAction } from "../actions.ts";
import { teamKeys } from "../keys.ts";
import { useTeamMutation } from "./use-team-mutation.ts";

interface AnswerButtonsProps {
  readonly invitationId: string;
  /** The token in the page's URL. */
  readonly token: string | null;
  readonly publicationName: string;
  readonly onAnswered: (accepts: boolean) => void;
}

/** Accepts or declines an invitation. */
export function AnswerButtons({
  invitationId,
  token,
  publicationName,
  onAnswered,
}: AnswerButtonsProps) {
  const answer = useTeamMutation(answerInvitationAction, [
    teamKeys.invitation(invitationId),
    teamKeys.ownInvitations(),
  ]);
  const send = (accepts: boolean) => {
    if (answer.isPending) return;
    answer.mutate(
      { invitationId, accepts, ...(token !== null && { token }) },
      { onSuccess: () => onAnswered(accepts) },
    );
  };
  return (
    <>
      {answer.error && <Notice className="mb-4">{answer.error.message}</Notice>}
      <p className="flex flex-wrap gap-3">
        <ActionButton
          aria-label={`Accept invitation to ${publicationName}`}
          aria-disabled={answer.isPending}
          onClick={() => send(true)}
        >
          Accept invitation
        </ActionButton>
        <ActionButton
          look="quiet"
          aria-label={`Decline invitation to ${publicationName}`}
          aria-disabled={answer.isPending}
          onClick={() => send(false)}
        >
          Decline
        </ActionButton>
      </p>
    </>
  );
}
