import { z } from "zod";
import { type ResourceRef, resourceRef } from "@/lib/resource-ref.ts";
import { type CommentWindow, commentWindow } from "@/lib/thread-view.ts";
import { typedText } from "@/lib/typed-text.ts";
import { bodyLength } from "./limits.ts";

/** What a thread hangs on, and which part of it is read. */
export { type CommentWindow, commentWindow, type ResourceRef, resourceRef };

const body = typedText()
  .trim()
  .min(1, "Enter a comment.")
  .max(bodyLength, `A comment has at most ${bodyLength.toLocaleString("en")} characters.`);

export const createCommentInput = resourceRef.extend({
  /** Made by the browser, so that sending twice writes once. */
  commentId: z.uuid(),
  /** The comment this one answers. */
  parentId: z.uuid().nullable(),
  body,
});
export type CreateCommentInput = z.infer<typeof createCommentInput>;

export const editCommentInput = z.object({ commentId: z.uuid(), body });
export type EditCommentInput = z.infer<typeof editCommentInput>;

export const deleteCommentInput = z.object({
  commentId: z.uuid(),
  /** Why an admin removes it, for the audit log. */
  reason: typedText().trim().max(500, "Keep the reason to 500 characters.").optional(),
});
export type DeleteCommentInput = z.infer<typeof deleteCommentInput>;

/**
 * One page of a thread. A branch is a top-level comment with its replies; a page holds whole branches, of
 * long ones only the newest replies.
 */
export interface CommentPage {
  /** In order of time. */
  readonly comments: readonly Comment[];
  /** Comments of the whole thread, without tombstones. */
  readonly total: number;
  /** The cursor for `before` of the next older page; null when there is none. */
  readonly older: string | null;
  /** Whether the thread has comments that are newer than this page. */
  readonly newer: boolean;
  /** How many replies of a branch are not on the page, by the id of its top-level comment. */
  readonly folded: Readonly<Record<string, number>>;
}

/** A comment as everybody gets it who may read its page. Times are ISO 8601. */
export interface Comment {
  readonly id: string;
  readonly parentId: string | null;
  /** The top-level comment above it, or its own id. */
  readonly branchId: string;
  readonly body: string;
  readonly createdAt: string;
  readonly editedAt: string | null;
  /** Null for a tombstone: the comment was deleted, and replies of other people keep its place. */
  readonly author: { readonly id: string; readonly handle: string; readonly name: string } | null;
}
