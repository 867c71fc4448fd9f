"use client";

import { useMutation, useMutationState, useQueryClient } from "@tanstack/react-query";
import { hold } from "querycast";
import { unwrapAction } from "@/lib/unwrap-action.ts";
import { createCommentAction, deleteCommentAction, editCommentAction } from "../actions.ts";
import { commentKeys } from "../keys.ts";
import type { Comment, CreateCommentInput, ResourceRef } from "../schema.ts";
import { removeSubtree, restore } from "./thread.ts";

type Comments = readonly Comment[];

const sending = ["comments", "create"] as const;

/**
 * Writing to a thread. The list shows each change at once; a failed one is taken back out of it, and
 * only it: what others wrote meanwhile stays. While one runs, signals of the thread are held, so that
 * no answer from before the change is shown after it.
 */
export function useCommentMutations(ref: ResourceRef, author: Comment["author"] | null) {
  const queryClient = useQueryClient();
  const queryKey = commentKeys.thread(ref);
  const change = (update: (comments: Comments) => Comments) =>
    queryClient.setQueryData<Comments>(queryKey, (comments) => comments && update(comments));
  const begin = async () => {
    const release = hold(queryClient, queryKey);
    await queryClient.cancelQueries({ queryKey });
    return release;
  };
  /** Reads once more even without a signal: whoever is not live sees the truth as well. */
  const end = async (release: (() => void) | undefined) => {
    release?.();
    await queryClient.invalidateQueries({ queryKey });
  };

  const create = useMutation({
    mutationKey: [...sending, ref.resourceId],
    mutationFn: (input: CreateCommentInput) => unwrapAction(() => createCommentAction(input)),
    onMutate: async (input) => {
      const release = await begin();
      if (author !== null) change((comments) => [...comments, asComment(input, author)]);
      return { release };
    },
    onError: (_, { commentId }) => {
      change((comments) => removeSubtree(comments, commentId));
    },
    onSettled: (_, __, ___, started) => void end(started?.release),
  });

  const edit = useMutation({
    mutationFn: (input: { commentId: string; body: string }) =>
      unwrapAction(() => editCommentAction(input)),
    onMutate: async ({ commentId, body }) => {
      const release = await begin();
      const before = queryClient
        .getQueryData<Comments>(queryKey)
        ?.find(({ id }) => id === commentId);
      const edited = { body, editedAt: new Date().toISOString() };
      change((comments) =>
        comments.map((one) => (one.id === commentId ? { ...one, ...edited } : one)),
      );
      return { release, before };
    },
    onError: (_, { commentId, body }, started) => {
      const before = started?.before;
      if (before === undefined) return;
      change((comments) =>
        comments.map((one) => (one.id === commentId && one.body === body ? before : one)),
      );
    },
    onSettled: (_, __, ___, started) => void end(started?.release),
  });

  const remove = useMutation({
    mutationFn: (commentId: string) => unwrapAction(() => deleteCommentAction({ commentId })),
    onMutate: async (commentId) => {
      const release = await begin();
      const before = queryClient.getQueryData<Comments>(queryKey) ?? [];
      const left = new Set(removeSubtree(before, commentId));
      change((comments) => removeSubtree(comments, commentId));
      return { release, removed: before.filter((comment) => !left.has(comment)) };
    },
    onError: (_, __, started) => {
      if (started) change((comments) => restore(comments, started.removed));
    },
    onSettled: (_, __, ___, started) => void end(started?.release),
  });

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
