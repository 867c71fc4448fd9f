import { dehydrate, QueryClient } from "@tanstack/react-query";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { listComments } from "@/features/comments/list-comments.ts";
import { commentsQuery } from "@/features/comments/queries.ts";
import type { ResourceRef } from "@/features/comments/schema.ts";
import { isFollowing } from "@/features/follows/is-following.ts";
import { followStatusQuery } from "@/features/follows/queries.ts";
import { viewOf } from "@/lib/thread-view.ts";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { publicTransport } from "@/wiring/realtime/realtime.ts";
import { DiscussionThread } from "./discussion-thread.tsx";
import { pageCursors } from "./page-cursors.ts";
import { prefetchReactions } from "./prefetch-reactions.ts";
import { currentAccount } from "./viewer.ts";

interface DiscussionProps {
  readonly pageRef: ResourceRef;
  readonly pageOwnerId: string;
  /** Path of the page, to return to after signing in. */
  readonly path: string;
}

/** The thread below a page. It is rendered on the server, so it can be read without JavaScript. */
export async function Discussion({ pageRef, pageOwnerId, path }: DiscussionProps) {
  const queryClient = new QueryClient();
  const account = await currentAccount();
  const cursors = pageCursors();
  const comments = commentsQuery(pageRef);
  await Promise.all([
    prefetchLive(
      queryClient,
      { ...comments, queryFn: () => readAsViewer((ctx) => listComments(ctx, pageRef)) },
      { cursors },
    ).then(() => {
      const read = queryClient.getQueryData(comments.queryKey);
      if (read === undefined) return; // the browser reads both again
      const commentIds = read.comments.map(({ id }) => id);
      const thread = { view: viewOf({}, read), commentIds };
      return prefetchReactions(queryClient, pageRef, account?.id ?? null, thread);
    }),
    account !== null &&
      prefetchLive(
        queryClient,
        {
          ...followStatusQuery(pageRef, account.id),
          queryFn: () => readAsViewer((ctx) => isFollowing(ctx, pageRef)),
        },
        { cursors },
      ),
  ]);
  return (
    <LiveHydration state={dehydrate(queryClient)}>
      <DiscussionThread
        pageRef={pageRef}
        pageOwnerId={pageOwnerId}
        viewer={account}
        isAdmin={account?.role === "admin"}
        signIn={<SignInToWrite path={path} />}
      />
    </LiveHydration>
  );
}

async function SignInToWrite({ path }: { path: string }) {
  const isLive = (await publicTransport()).type !== "pull";
  const next = new URLSearchParams({ next: `${path}#discussion` });
  return (
    <p className="flex flex-wrap items-center gap-x-5 gap-y-3 font-serif text-lg text-ink-soft">
      {isLive
        ? "Sign in to see new comments as they are written."
        : "Sign in to comment and reply."}
      <Link href={`/sign-in?${next}`} className={buttonStyle({ size: "sm" })}>
        Sign in to comment
      </Link>
    </p>
  );
}
