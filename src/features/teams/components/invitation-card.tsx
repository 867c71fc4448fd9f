"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { AppError } from "@/lib/errors/app-error.ts";
import { longDate } from "@/lib/text/relative-time.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { Notice } from "@/ui/notice.tsx";
import { invitationQuery } from "../queries.ts";
import type { Invitation } from "../schema.ts";
import { AnswerButtons } from "./answer-buttons.tsx";

interface InvitationCardProps {
  readonly invitationId: string;
  /** The token in the page's URL. */
  readonly token: string | null;
  readonly viewerId: string | null;
}

/** An invitation to accept or decline. Signed-out people are led through sign-in or sign-up first. */
export function InvitationCard({ invitationId, token, viewerId }: InvitationCardProps) {
  const query = invitationQuery(invitationId, token, viewerId);
  const { data: invitation, error, isPending, refetch } = useQuery(query);
  if (invitation === undefined) {
    if (isPending) return <SkeletonList label="Loading the invitation" rows={1} />;
    if (error instanceof AppError && error.code === "not_found") {
      return (
        <EmptyState isPage title="This invitation is not available">
          {error.message}
        </EmptyState>
      );
    }
    return <ReadFailed onRetry={refetch}>The invitation could not be loaded.</ReadFailed>;
  }
  const { publication, roleName, invitedBy } = invitation;
  return (
    <>
      <p className="label-caps text-accent">Invitation</p>
      <h1 className="mt-3 font-serif text-3xl font-medium tracking-tight">
        {invitedBy} invites you to {publication.name}
      </h1>
      {publication.description !== "" && (
        <p className="mt-3 max-w-[62ch] font-serif text-lg text-ink-soft">
          {publication.description}
        </p>
      )}
      <p className="mt-5 text-sm text-ink-soft">
        Your role: <strong className="font-semibold text-ink">{roleName}</strong>. Valid until{" "}
        {longDate(Date.parse(invitation.expiresAt))}.
      </p>
      <div className="mt-8">
        <Answer invitation={invitation} token={token} viewerId={viewerId} />
      </div>
    </>
  );
}

const endings: Readonly<Record<string, string>> = {
  declined: "You have declined this invitation.",
  revoked: "This invitation was revoked. Ask for a new one.",
  expired: "This invitation has expired. Ask for a new one.",
};

function Answer({
  invitation,
  token,
  viewerId,
}: Omit<InvitationCardProps, "invitationId"> & { readonly invitation: Invitation }) {
  const { id, email, status, isExpired, isForViewer, hasProof, publication, invitedBy } =
    invitation;
  const router = useRouter();
  const home = `/publications/${publication.slug}`;
  if (status === "accepted") {
    return (
      <Status>
        This invitation was accepted.{" "}
        <Link href={home} className="text-link font-semibold">
          Open {publication.name}
        </Link>
      </Status>
    );
  }
  const ended = status === "open" && isExpired ? "expired" : status;
  if (ended !== "open") return <Status>{endings[ended]}</Status>;
  if (viewerId === null) {
    const query = token === null ? "" : `?${new URLSearchParams({ token })}`;
    const next = new URLSearchParams({ next: `/invitations/${id}${query}` });
    return (
      <>
        <p className="mb-4 text-sm text-ink-soft">
          The invitation is for {email}. Use this e-mail for your account.
        </p>
        <p className="flex flex-wrap gap-3">
          <Link href={`/sign-up?${next}`} className={buttonStyle()}>
            Create account
          </Link>
          <Link href={`/sign-in?${next}`} className={buttonStyle({ look: "quiet" })}>
            Sign in
          </Link>
        </p>
      </>
    );
  }
  if (!isForViewer) {
    return (
      <Status>
        This invitation is for {email}. Sign out, then sign in with the account of that e-mail.
      </Status>
    );
  }
  if (!hasProof) {
    return (
      <Status>
        To answer, open the link that was sent to {email}. If you have no link, ask {invitedBy} for
        a new invitation.
      </Status>
    );
  }
  return (
    <AnswerButtons
      invitationId={id}
      token={token}
      publicationName={publication.name}
      onAnswered={(accepts) => accepts && router.push(home)}
    />
  );
}

function Status({ children }: { children: ReactNode }) {
  return <Notice role="status">{children}</Notice>;
}
