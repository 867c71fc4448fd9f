"use client";

import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { listedAtMost } from "@/lib/list-limits.ts";
import { longDate } from "@/lib/text/relative-time.ts";
import { count } from "@/lib/text/text.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Link } from "@/ui/link.tsx";
import { ownInvitationsQuery } from "../queries.ts";
import type { OwnInvitation } from "../schema.ts";
import { AnswerButtons } from "./answer-buttons.tsx";

interface OwnInvitationsProps {
  readonly viewerId: string;
  /** Whether the section is shown without an invitation. */
  readonly isShownEmpty: boolean;
}

interface Answered {
  readonly publication: OwnInvitation["publication"];
  readonly accepts: boolean;
}

/** The open invitations of the viewer, live, to accept or decline. */
export function OwnInvitations({ viewerId, isShownEmpty }: OwnInvitationsProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [answered, setAnswered] = useState<Answered | null>(null);
  const query = ownInvitationsQuery(viewerId);
  const { data: list, isError, isPending, refetch } = useQuery(query);
  const isHidden = list?.length === 0 && answered === null && !isShownEmpty;
  const onAnswered = (publication: Answered["publication"], accepts: boolean) => {
    setAnswered({ publication, accepts });
    heading.current?.focus();
  };
  return (
    <section
      aria-label="Your invitations"
      className={isHidden ? undefined : "mt-8 border-y border-rule py-6"}
    >
      {!isHidden && (
        <h2 ref={heading} tabIndex={-1} className="font-semibold">
          Your invitations
        </h2>
      )}
      {/* In the document before its text, so that screen readers announce an invitation that arrives. */}
      <p role="status" className={isHidden ? "sr-only" : "mt-1 text-sm text-ink-soft"}>
        {answered !== null ? <Outcome {...answered} /> : !isHidden && list && openCount(list)}
      </p>
      {isError && <ReadFailed onRetry={refetch}>Your invitations could not be loaded.</ReadFailed>}
      {isPending && <SkeletonList label="Loading your invitations" rows={1} />}
      <ul className="divide-y divide-rule">
        {list?.map(({ id, publication, roleName, invitedBy, expiresAt, hasProof }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-5">
            <div className="min-w-0">
              <p className="font-serif text-xl font-medium break-words">
                <Link href={`/invitations/${id}`} className="hover:text-accent-strong">
                  {publication.name}
                </Link>
              </p>
              <p className="mt-1 text-sm text-ink-soft">
                {invitedBy} invites you as{" "}
                <strong className="font-semibold text-ink">{roleName}</strong>. Valid until{" "}
                {longDate(Date.parse(expiresAt))}.
              </p>
            </div>
            {hasProof ? (
              <div>
                <AnswerButtons
                  invitationId={id}
                  token={null}
                  publicationName={publication.name}
                  onAnswered={(accepts) => onAnswered(publication, accepts)}
                />
              </div>
            ) : (
              <p className="text-sm text-ink-soft">
                To answer, open the link that was sent to your e-mail address.
              </p>
            )}
          </li>
        ))}
      </ul>
      <CutNote rows={list}>The {listedAtMost} invitations that expire first are shown.</CutNote>
    </section>
  );
}

const openCount = ({ length }: readonly OwnInvitation[]) =>
  length === 0 ? "You have no open invitations." : count(length, "open invitation");

function Outcome({ publication, accepts }: Answered) {
  if (!accepts) return `You have declined the invitation to ${publication.name}.`;
  return (
    <>
      You are now a member of {publication.name}.{" "}
      <Link href={`/publications/${publication.slug}`} className="text-link font-semibold">
        Open {publication.name}
      </Link>
    </>
  );
}
