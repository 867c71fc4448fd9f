"use client";

import { useMutation, useMutationState } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import { unwrapAction } from "@/lib/unwrap-action.ts";
import { createCommentAction, deleteCommentAction, editCommentAction } from "../actions.ts";
import { commentsQuery } from "../queries.ts";
import type {
  Comment,
  CreateCommentInput,
  DeleteCommentInput,
  EditCommentInput,
  ResourceRef,
} from "../schema.ts";
import { deleteFrom } from "./thread.ts";

const sending = ["comments", "create"] as const;

/** Writing to a thread. It shows each change at once, and takes back what fails. */
export function useCommentMutations(ref: ResourceRef, author: Comment["author"] | null) {
  const { queryKey } = commentsQuery(ref);
  const create = useMutation(
    liveMutation({
      mutationKey: [...sending, ref.resourceId],
      mutationFn: (input: CreateCommentInput, { origin }) =>
        unwrapAction((stamp) => createCommentAction(stamp, input, origin)),
      optimistic: (input, show) =>
        show(queryKey, (comments) =>
          author === null ? comments : [...comments, asComment(input, author)],
        ),
    }),
  );
  const edit = useMutation(
    liveMutation({
      mutationFn: (input: EditCommentInput, { origin }) =>
        unwrapAction((stamp) => editCommentAction(stamp, input, origin)),
      optimistic: ({ commentId, body }, show) => {
        const editedAt = new Date().toISOString();
        show(queryKey, (comments) =>
          comments.map((one) => (one.id === commentId ? { ...one, body, editedAt } : one)),
        );
      },
    }),
  );
  const remove = useMutation(
    liveMutation({
      mutationFn: (input: DeleteCommentInput, { origin }) =>
        unwrapAction((stamp) => deleteCommentAction(stamp, input, origin)),
      optimistic: ({ commentId }, show) =>
        show(queryKey, (comments) => deleteFrom(comments, commentId)),
    }),
  );
  return { create: create.mutateAsync, edit: edit.mutateAsync, remove: remove.mutateAsync };
}

/** Ids of comments on their way to the server. */
export function useSending(ref: ResourceRef): ReadonlySet<string> {
  const ids = useMutationState({
    filters: { mutationKey: [...sending, ref.resourceId], status: "pending" },
    select: ({ state }) => (state.variables as CreateCommentInput).commentId,
  });
  return new Set(ids);
}

function asComment(input: CreateCommentInput, author: Comment["author"]): Comment {
  const { commentId: id, parentId, body } = input;
  const createdAt = new Date().toISOString();
  return { id, parentId, body, createdAt, editedAt: null, author };
}
