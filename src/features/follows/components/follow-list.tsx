"use client";

import { useQuery } from "@tanstack/react-query";
import { longListAtMost } from "@/lib/list-limits.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import { X } from "@/ui/page-icons.ts";
import { followsQuery } from "../queries.ts";
import type { FollowedThread } from "../schema.ts";
import { useFollow } from "./use-follow.ts";

/** The discussions that the viewer follows, live. */
export function FollowList({ userId }: { userId: string }) {
  const { data: list, isError, isPending, refetch } = useQuery(followsQuery(userId));
  return (
    <>
      {isError && (
        <ReadFailed onRetry={refetch}>Followed discussions could not be loaded.</ReadFailed>
      )}
      {isPending && <SkeletonList label="Loading followed discussions" />}
      {list?.length === 0 && (
        <EmptyState title="No followed discussions yet">
          Press “Follow” above a discussion to get notified of new comments.
        </EmptyState>
      )}
      <ol className="divide-y divide-rule">
        {list?.map((thread) => (
          <li key={thread.id}>
            <FollowRow thread={thread} userId={userId} />
          </li>
        ))}
      </ol>
      <CutNote rows={list} most={longListAtMost}>
        The newest {longListAtMost.toLocaleString("en")} discussions are shown.
      </CutNote>
    </>
  );
}

function FollowRow({ thread, userId }: { thread: FollowedThread; userId: string }) {
  const { page, href, title, author } = thread;
  const { mutate, isError } = useFollow(page, userId);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 py-3">
      <p className="min-w-0">
        <Link href={`${href}#discussion`} className="text-link font-serif text-lg text-ink">
          {title}
          <LinkHint />
        </Link>{" "}
        <span className="text-xs text-ink-faint">by {author.name}</span>
        {isError && (
          <span role="alert" className="block text-xs text-danger">
            The discussion was not unfollowed. Try again.
          </span>
        )}
      </p>
      <ActionButton
        look="bare"
        size="icon"
        className="-mr-2.5"
        title="Unfollow"
        onClick={() => mutate(false)}
      >
        <X aria-hidden />
        <span className="sr-only">Unfollow {title}</span>
      </ActionButton>
    </div>
  );
}
