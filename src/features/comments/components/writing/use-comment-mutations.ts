"use client";

import { useMutation, useMutationState } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { createCommentAction, deleteCommentAction, editCommentAction } from "../../actions.ts";
import { commentsQuery } from "../../queries.ts";
import type {
  Comment,
  CommentPage,
  CommentWindow,
  CreateCommentInput,
  DeleteCommentInput,
  EditCommentInput,
  ResourceRef,
} from "../../schema.ts";
import { deleteFromPage } from "../thread.ts";

const sending = ["comments", "create"] as const;

/**
 * Mutations of a thread with optimistic updates on its open page. A new top-level comment is shown on the
 * newest page.
 */
export function useCommentMutations(
  ref: ResourceRef,
  author: Comment["author"] | null,
  window: CommentWindow,
) {
  const { queryKey } = commentsQuery(ref, window);
  const create = useMutation(
    liveMutation({
      mutationKey: [...sending, ref.resourceId],
      mutationFn: (input: CreateCommentInput, { origin }) =>
        unwrapAction((stamp) => createCommentAction(stamp, input, origin)),
      optimistic: (input, show) =>
        show(input.parentId === null ? commentsQuery(ref).queryKey : queryKey, (page) =>
          author === null ? page : addTo(page, input, author),
        ),
    }),
  );
  const edit = useMutation(
    liveMutation({
      mutationFn: (input: EditCommentInput, { origin }) =>
        unwrapAction((stamp) => editCommentAction(stamp, input, origin)),
      optimistic: ({ commentId, body }, show) => {
        const editedAt = new Date().toISOString();
        show(queryKey, (page) => ({
          ...page,
          comments: page.comments.map((one) =>
            one.id === commentId ? { ...one, body, editedAt } : one,
          ),
        }));
      },
    }),
  );
  const remove = useMutation(
    liveMutation({
      mutationFn: (input: DeleteCommentInput, { origin }) =>
        unwrapAction((stamp) => deleteCommentAction(stamp, input, origin)),
      optimistic: ({ commentId }, show) =>
        show(queryKey, (page) => deleteFromPage(page, commentId)),
    }),
  );
  return { create: create.mutateAsync, edit: edit.mutateAsync, remove: remove.mutateAsync };
}

/** Ids of comments that are being sent. */
export function useSending(ref: ResourceRef): ReadonlySet<string> {
  const ids = useMutationState({
    filters: { mutationKey: [...sending, ref.resourceId], status: "pending" },
    select: ({ state }) => (state.variables as CreateCommentInput).commentId,
  });
  return new Set(ids);
}

function addTo(
  page: CommentPage,
  { commentId: id, parentId, body }: CreateCommentInput,
  author: Comment["author"],
): CommentPage {
  const createdAt = new Date().toISOString();
  const branchId = page.comments.find((one) => one.id === parentId)?.branchId ?? id;
  const comment = { id, parentId, branchId, body, createdAt, editedAt: null, author };
  return { ...page, comments: [...page.comments, comment], total: page.total + 1 };
}
