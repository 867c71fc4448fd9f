"use client";

import { useState } from "react";
import type { DeleteCommentInput } from "../schema.ts";

/**
 * Deleting a comment. Its failure is told by the thread: the comment itself was taken off the page
 * when the deletion began, and what it could have said with it.
 */
export function useRemove(
  deleteComment: (input: DeleteCommentInput) => Promise<void>,
  announce: (text: string) => void,
) {
  const [failure, setFailure] = useState<string | null>(null);
  const remove = async (commentId: string, reason?: string) => {
    setFailure(null);
    try {
      await deleteComment({ commentId, ...(reason !== undefined && { reason }) });
      announce("Comment deleted.");
    } catch (error) {
      const why = error instanceof Error ? error.message : "Try again in a moment.";
      setFailure(`The comment could not be deleted. ${why}`);
    }
  };
  return { remove, failure };
}
