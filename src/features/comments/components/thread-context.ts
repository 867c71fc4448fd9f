"use client";

import { createContext, type ReactNode, use } from "react";
import type { Comment, CommentPage, ResourceRef } from "../schema.ts";
import type { Replier } from "./replying/repliers.ts";
import type { useCommentMutations } from "./writing/use-comment-mutations.ts";

/** State of a thread for its comments. */
export interface ThreadState {
  readonly pageRef: ResourceRef;
  /** Owner of the page, whose comments are marked. */
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
  /** The other people who are writing a comment now. */
  readonly repliers: readonly Replier[];
  /** Their name as the thread has it, else their handle. */
  readonly nameOf: (replier: Replier) => string;
  /** Shown with the actions of a comment. */
  readonly extras: ((comment: Comment) => ReactNode) | undefined;
  /** Announces a text to screen readers. */
  readonly announce: (text: string) => void;
  /** Moves the focus to the heading when the focused comment is removed. */
  readonly focusHeading: () => void;
}

export const ThreadContext = createContext<ThreadState | null>(null);

export function useThread(): ThreadState {
  const thread = use(ThreadContext);
  if (thread === null) throw new Error("useThread() is called outside of <CommentThread>.");
  return thread;
}
