"use client";

import { createContext, type ReactNode, use } from "react";
import type { Comment, CommentPage, ResourceRef } from "../schema.ts";
import type { useCommentMutations } from "./use-comment-mutations.ts";

/** What every comment of a thread needs to know about it. */
export interface ThreadState {
  readonly pageRef: ResourceRef;
  /** Whose page it is: their comments say so. */
  readonly pageOwnerId: string;
  readonly viewer: Comment["author"] | null;
  /** Whether the viewer may remove the comments of other people. */
  readonly isAdmin: boolean;
  readonly mutations: ReturnType<typeof useCommentMutations>;
  /** Deletes a comment, and shows the result or the reason of a failure at the head of the thread. */
  readonly remove: (commentId: string, reason?: string) => Promise<void>;
  /** Opens the newest page of the thread. */
  readonly showNewest: () => void;
  /** How many replies of a branch are not on the page, by the id of its top-level comment. */
  readonly folded: CommentPage["folded"];
  /** Opens the replies of a branch alone. */
  readonly showBranch: (commentId: string) => void;
  readonly sending: ReadonlySet<string>;
  readonly newIds: readonly string[];
  readonly linkedId: string | null;
  /** Stands with what can be done to a comment. */
  readonly extras: ((comment: Comment) => ReactNode) | undefined;
  /** Says something to whoever cannot see what happened. */
  readonly announce: (text: string) => void;
  /** Where the focus goes when the comment that had it is gone. */
  readonly focusHeading: () => void;
}

export const ThreadContext = createContext<ThreadState | null>(null);

export function useThread(): ThreadState {
  const thread = use(ThreadContext);
  if (thread === null) throw new Error("useThread() is called outside of <CommentThread>.");
  return thread;
}
