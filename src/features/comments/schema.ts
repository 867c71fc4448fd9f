import { z } from "zod";
import { type ResourceRef, resourceRef } from "@/lib/resource-ref.ts";
import { typedText } from "@/lib/typed-text.ts";
import { bodyLength } from "./limits.ts";

/** What a thread hangs on. */
export { type ResourceRef, resourceRef };

const body = typedText()
  .trim()
  .min(1, "Write something first.")
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

/** A comment as everybody gets it who may read its page. Times are ISO 8601. */
export interface Comment {
  readonly id: string;
  readonly parentId: string | null;
  readonly body: string;
  readonly createdAt: string;
  readonly editedAt: string | null;
  /** Null for a tombstone: the comment was deleted, and replies of other people keep its place. */
  readonly author: { readonly id: string; readonly handle: string; readonly name: string } | null;
}
