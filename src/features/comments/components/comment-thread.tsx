"use client";

import { useLiveState } from "querycast/react";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { count } from "@/lib/text/text.ts";
import { type ThreadView, viewOf } from "@/lib/thread-view.ts";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { useCanAct } from "@/ui/data/use-page-status.ts";
import { Notice } from "@/ui/notice.tsx";
import type { Comment, CommentWindow, ResourceRef } from "../schema.ts";
import { NewCommentsButton } from "./arrivals/new-comments-button.tsx";
import { useArrivals } from "./arrivals/use-arrivals.ts";
import { type Replier, replyingText } from "./replying/repliers.ts";
import { ReplyingLine } from "./replying/replying-line.tsx";
import { useRepliers } from "./replying/use-repliers.ts";
import { useReplyNotes } from "./replying/use-reply-notes.ts";
import { buildThread } from "./thread.ts";
import { ThreadBranch } from "./thread-branch.tsx";
import { ThreadContext } from "./thread-context.ts";
import { ThreadHead } from "./thread-head.tsx";
import { ThreadPager } from "./thread-pager.tsx";
import { focusComment, useLinkedComment } from "./use-linked-comment.ts";
import { useThreadPage } from "./use-thread-page.ts";
import { CommentComposer } from "./writing/comment-composer.tsx";
import { useCommentMutations, useSending } from "./writing/use-comment-mutations.ts";
import { useRemove } from "./writing/use-remove.ts";
import { useReply } from "./writing/use-reply.ts";

interface CommentThreadProps {
  readonly pageRef: ResourceRef;
  readonly pageOwnerId: string;
  readonly viewer: Comment["author"] | null;
  /** Whether the viewer may remove the comments of other people. Default false. */
  readonly isAdmin?: boolean;
  /** Replaces the composer for signed-out viewers. */
  readonly signIn: ReactNode;
  /** Shown beside the title, e.g. a follow button. */
  readonly aside?: ReactNode;
  /** Shown with the actions of a comment, e.g. reactions. */
  readonly extras?: (comment: Comment, view: ThreadView) => ReactNode;
}

/** The discussion below an article or a gist, live. */
export function CommentThread(props: CommentThreadProps) {
  const { pageRef, pageOwnerId, isAdmin = false, signIn, aside, extras } = props;
  const canAct = useCanAct();
  const viewer = canAct ? props.viewer : null;
  const linkedId = useLinkedComment();
  const { window, open, showNewest, query, page, isError, refetch } = useThreadPage(
    pageRef,
    linkedId,
  );
  const view = viewOf(window, page);
  const { lastReadAtMs } = useLiveState(query);
  const heading = useRef<HTMLHeadingElement>(null);
  const mutations = useCommentMutations(pageRef, props.viewer, window);
  const sending = useSending(pageRef);
  const { comments, waiting, newIds, announcement, showWaiting } = useArrivals(
    page?.comments,
    props.viewer?.id ?? null,
    JSON.stringify(window),
  );
  const [ownNews, announce] = useState("");
  const repliers = useRepliers(pageRef, viewer?.id ?? null);
  const { remove, failure } = useRemove(mutations.remove, announce);
  const nodes = useMemo(() => buildThread(comments ?? []), [comments]);
  const nameOf = ({ userId, handle }: Replier) =>
    page?.comments.find(({ author }) => author?.id === userId)?.author?.name ?? `@${handle}`;
  const focusHeading = () => heading.current?.focus();
  const openPage = (next: CommentWindow) => {
    open(next);
    focusHeading();
  };
  const showNew = () => {
    showWaiting();
    if (waiting[0] !== undefined) focusComment(waiting[0].id);
  };

  return (
    <ThreadContext
      value={{
        pageRef,
        pageOwnerId,
        viewer,
        isAdmin,
        mutations,
        remove,
        showNewest,
        folded: page?.folded ?? {},
        showBranch: (branch) => openPage({ branch }),
        sending,
        newIds,
        linkedId,
        repliers,
        nameOf,
        extras: extras && ((comment) => extras(comment, view)),
        announce,
        focusHeading,
      }}
    >
      <section id="discussion" aria-labelledby="discussion-title">
        <ThreadHead
          ref={heading}
          title={page === undefined ? "Discussion" : titleOf(page.total - waiting.length)}
          newIds={newIds}
          readAtMs={lastReadAtMs}
          aside={aside}
        />
        <p aria-live="polite" className="sr-only">
          {announcement}
        </p>
        <p aria-live="polite" className="sr-only">
          {ownNews}
        </p>
        <p aria-live="polite" className="sr-only">
          {replyingText(repliers.map(nameOf))}
        </p>
        {comments === undefined && !isError && (
          <SkeletonList label="Loading the discussion" rows={3} />
        )}
        {failure !== null && <Notice className="mt-4">{failure}</Notice>}
        {isError && (
          <ReadFailed onRetry={refetch}>
            {comments === undefined
              ? "The discussion could not be loaded."
              : "New comments could not be loaded. The list may be out of date."}
          </ReadFailed>
        )}
        <ThreadPager page={page} window={window} onOpen={openPage}>
          <ThreadBranch nodes={nodes} />
        </ThreadPager>
        <ReplyingLine targetId={pageRef.resourceId} />
        <NewCommentsButton waiting={waiting.length} onShow={showNew} />
        <div id="add-comment" className="mt-9 border-t border-rule pt-6">
          {props.viewer === null ? signIn : <NewComment pageRef={pageRef} />}
        </div>
      </section>
    </ThreadContext>
  );
}

const titleOf = (comments: number) =>
  comments === 0 ? "No comments yet" : count(comments, "comment");

function NewComment({ pageRef }: { pageRef: ResourceRef }) {
  const send = useReply(null);
  const note = useReplyNotes(pageRef, pageRef.resourceId);
  return (
    <CommentComposer
      label="Add a comment"
      submitLabel="Post comment"
      draftKey={`comment.${pageRef.resourceId}`}
      onSubmit={send}
      onTyped={note}
      whileSending="clear"
    />
  );
}
