"use client";

import { useRef } from "react";
import { createId } from "@/lib/create-id.ts";
import { useThread } from "../thread-context.ts";
import { focusComment } from "../use-linked-comment.ts";

/**
 * Sends a comment or a reply. A retry of the same text has the same id, so that it is written once; another
 * text is another comment.
 */
export function useReply(parentId: string | null): (body: string) => Promise<void> {
  const { pageRef, mutations, announce, showNewest } = useThread();
  const attempt = useRef<{ readonly body: string; readonly commentId: string } | null>(null);
  return async (body) => {
    if (attempt.current?.body !== body) {
      attempt.current = { body, commentId: createId() };
    }
    const { commentId } = attempt.current;
    if (parentId === null) showNewest();
    await mutations.create({ ...pageRef, parentId, body, commentId });
    attempt.current = null;
    announce(parentId === null ? "Comment posted." : "Reply posted.");
    focusComment(commentId);
  };
}
