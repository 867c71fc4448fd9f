"use client";

import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { listedAtMost } from "@/lib/list-limits.ts";
import type { Permission } from "@/lib/publications/permissions.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Notice } from "@/ui/notice.tsx";
import { ConfirmDialog } from "@/ui/overlays/confirm-dialog.tsx";
import { revokeInvitationAction } from "../actions.ts";
import { teamKeys } from "../keys.ts";
import { sentInvitationsQuery } from "../queries.ts";
import type { SentInvitation } from "../schema.ts";
import { InviteForm } from "./invite-form.tsx";
import { useTeamMutation } from "./use-team-mutation.ts";

interface InvitationListProps {
  readonly publicationId: string;
  readonly viewerId: string;
  readonly permissions: readonly Permission[];
}

/** Sends invitations, and lists those that were sent, live. */
export function InvitationList({ publicationId, viewerId, permissions }: InvitationListProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const query = sentInvitationsQuery(publicationId, viewerId);
  const { data: list, isError, isPending, refetch } = useQuery(query);
  const revoke = useTeamMutation(revokeInvitationAction, [teamKeys.invitations(publicationId)]);
  return (
    <>
      <InviteForm publicationId={publicationId} permissions={permissions} />
      <h2 ref={heading} tabIndex={-1} className="mt-12 font-semibold">
        Sent invitations
      </h2>
      {revoke.error && <Notice className="mt-4">{revoke.error.message}</Notice>}
      {isError && <ReadFailed onRetry={refetch}>The invitations could not be loaded.</ReadFailed>}
      {isPending && <SkeletonList label="Loading the invitations" />}
      {list?.length === 0 && (
        <div className="mt-4">
          <EmptyState title="No invitations yet" />
        </div>
      )}
      <ul className="mt-3 divide-y divide-rule">
        {list?.map((invitation) => (
          <li
            key={invitation.id}
            className="flex flex-wrap items-center justify-between gap-x-5 gap-y-2 py-4"
          >
            <div className="min-w-0">
              <p className="font-semibold break-all">{invitation.email}</p>
              <p className="text-xs text-ink-faint">
                {invitation.roleName}, invited by {invitation.invitedBy}{" "}
                <RelativeTime at={invitation.createdAt} />
              </p>
              {invitation.status === "open" && invitation.mailState !== null && (
                <p
                  className={
                    invitation.mailState === "failed"
                      ? "text-xs font-semibold text-danger"
                      : "text-xs text-ink-faint"
                  }
                >
                  {mailWords[invitation.mailState]}
                </p>
              )}
            </div>
            <p className="flex items-center gap-3 text-sm">
              <span className="label-caps text-accent">{statusWords(invitation)}</span>
              {invitation.status === "open" && (
                <ConfirmDialog
                  trigger={
                    <ActionButton
                      look="quiet"
                      size="sm"
                      aria-label={`Revoke the invitation of ${invitation.email}`}
                    >
                      Revoke
                    </ActionButton>
                  }
                  title={`Revoke the invitation of ${invitation.email}?`}
                  confirmLabel="Revoke"
                  onConfirm={() => revoke.mutate({ invitationId: invitation.id })}
                  focusAfterwards={() => heading.current?.focus()}
                >
                  The link stops working at once.
                </ConfirmDialog>
              )}
            </p>
          </li>
        ))}
      </ul>
      <CutNote rows={list}>The newest {listedAtMost} invitations are shown.</CutNote>
    </>
  );
}

const mailWords: Readonly<Record<NonNullable<SentInvitation["mailState"]>, string>> = {
  waiting: "E-mail is being sent",
  sent: "E-mail sent",
  failed: "E-mail could not be sent. Invite the person again, and send the link yourself.",
};

function statusWords({ status, isExpired }: SentInvitation): string {
  if (status === "open") return isExpired ? "Expired" : "Waiting";
  return { accepted: "Accepted", declined: "Declined", revoked: "Revoked" }[status];
}
