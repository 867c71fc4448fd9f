"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import { useRef } from "react";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { Notice } from "@/ui/notice.tsx";
import { ConfirmDialog } from "@/ui/overlays/confirm-dialog.tsx";
import { Monitor, Smartphone } from "@/ui/page-icons.ts";
import { revokeOtherSessionsAction, revokeSessionAction } from "../actions.ts";
import { sessionKeys } from "../keys.ts";
import { sessionsQuery } from "../queries.ts";
import type { Session } from "../schema.ts";

interface SessionListProps {
  readonly userId: string;
  /** Id of the current session. */
  readonly currentId: string;
}

/** The viewer's sessions, live. Each other session, or all of them, can be ended. */
export function SessionList({ userId, currentId }: SessionListProps) {
  const queryClient = useQueryClient();
  const heading = useRef<HTMLParagraphElement>(null);
  const { data: sessions = [], isPending, error, refetch } = useQuery(sessionsQuery(userId));
  const reread = () => queryClient.invalidateQueries({ queryKey: sessionKeys.mine });
  const end = useMutation(
    liveMutation({
      mutationFn: (sessionId: string, { origin }) =>
        unwrapAction((stamp) => revokeSessionAction(stamp, { sessionId }, origin)),
      onSettled: reread,
    }),
  );
  const endOthers = useMutation(
    liveMutation({
      mutationFn: (_, { origin }) =>
        unwrapAction((stamp) => revokeOtherSessionsAction(stamp, origin)),
      onSettled: reread,
    }),
  );
  const others = sessions.filter(({ id }) => id !== currentId);
  const failure = end.error ?? endOthers.error;
  const focusHeading = () => heading.current?.focus();

  if (isPending) return <SkeletonList label="Loading your sessions" />;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-5 gap-y-3 border-t-2 border-ink pt-2.5 text-sm">
        <p ref={heading} tabIndex={-1} role="status">
          {sessions.length > 0 &&
            (others.length === 0
              ? "You are signed in on this device only."
              : `This device and ${others.length} more.`)}
        </p>
        {others.length > 0 && (
          <ConfirmDialog
            trigger={
              <ActionButton look="quiet" size="sm" aria-disabled={endOthers.isPending}>
                {endOthers.isPending ? "Signing out…" : "Sign out everywhere else"}
              </ActionButton>
            }
            title="Sign out everywhere else?"
            confirmLabel="Sign out"
            onConfirm={() => endOthers.mutate()}
            focusAfterwards={focusHeading}
          >
            Every other device has to sign in again. Unsaved text on those devices is lost.
          </ConfirmDialog>
        )}
      </div>
      {failure && <Notice className="mt-4">{failure.message}</Notice>}
      {error !== null &&
        (error instanceof AppError && error.code === "unauthenticated" ? (
          <Notice className="my-4 flex flex-wrap items-center justify-between gap-3">
            This device has been signed out.
            <Link
              className={buttonStyle({ look: "quiet", size: "sm" })}
              href="/sign-in?next=/settings/sessions"
            >
              Sign in
            </Link>
          </Notice>
        ) : (
          <ReadFailed onRetry={refetch}>Your sessions could not be loaded.</ReadFailed>
        ))}
      <ul className="divide-y divide-rule">
        {sessions.map((session) => (
          <li key={session.id}>
            <Row
              session={session}
              isCurrent={session.id === currentId}
              isEnding={end.isPending && end.variables === session.id}
              onEnd={() => end.mutate(session.id)}
              onEnded={focusHeading}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

interface RowProps {
  readonly session: Session;
  readonly isCurrent: boolean;
  readonly isEnding: boolean;
  readonly onEnd: () => void;
  readonly onEnded: () => void;
}

function Row({ session, isCurrent, isEnding, onEnd, onEnded }: RowProps) {
  const { device, isMobile, address, startedAt, lastSeenAt } = session;
  const Icon = isMobile ? Smartphone : Monitor;
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2 py-5">
      <Icon aria-hidden className="size-6 shrink-0 text-ink-faint" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-semibold">
          {device}
          {isCurrent && <span className="label-caps ml-3 text-accent">This device</span>}
        </p>
        <p className="text-xs text-ink-faint">
          {address !== null && <>From {address}, </>}
          since <RelativeTime at={startedAt} />
          {!isCurrent && (
            <>
              , last seen <RelativeTime at={lastSeenAt} />
            </>
          )}
        </p>
      </div>
      {!isCurrent && (
        <ConfirmDialog
          trigger={
            <ActionButton
              look="quiet"
              size="sm"
              className="max-sm:ml-11"
              aria-disabled={isEnding}
              aria-label={`Sign out ${device}${address === null ? "" : ` from ${address}`}`}
            >
              {isEnding ? "Signing out…" : "Sign out"}
            </ActionButton>
          }
          title={`Sign out ${device}?`}
          confirmLabel="Sign out"
          onConfirm={onEnd}
          focusAfterwards={onEnded}
        >
          That device has to sign in again.
        </ConfirmDialog>
      )}
    </div>
  );
}
