"use client";

import { useState } from "react";
import type { DeleteCommentInput } from "../../schema.ts";

/**
 * Deletes a comment. The thread reports a failure, since the comment is removed from the page when the
 * deletion starts.
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
