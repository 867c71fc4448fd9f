"use client";

import { useState } from "react";
import { Button } from "@/ui/button.tsx";
import { ConfirmDialog } from "@/ui/confirm-dialog.tsx";
import { Notice } from "@/ui/notice.tsx";
import type { Comment } from "../schema.ts";
import { useThread } from "./thread-context.ts";

interface CommentActionsProps {
  readonly comment: Comment;
  readonly isReplying: boolean;
  readonly onOpen: (what: "reply" | "edit") => void;
}

/** Reply, edit, delete: as far as the viewer may. */
export function CommentActions({ comment, isReplying, onOpen }: CommentActionsProps) {
  const { viewer, mutations, announce, focusHeading } = useThread();
  const [isAsking, setIsAsking] = useState(false);
  const [error, setError] = useState<string | null>(null);
  if (viewer === null) return null;

  const remove = async () => {
    setError(null);
    try {
      await mutations.remove(comment.id);
      announce("The comment is deleted.");
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : "It could not be deleted. Try again.");
    }
  };
  const whose =
    comment.author.id === viewer.id ? "your comment" : `${comment.author.name}’s comment`;

  return (
    <div className="mt-1 flex flex-wrap gap-x-3.5">
      {!isReplying && (
        <Button look="bare" size="inline" onClick={() => onOpen("reply")}>
          Reply<span className="sr-only"> to {comment.author.name}</span>
        </Button>
      )}
      {comment.canEdit && (
        <Button look="bare" size="inline" onClick={() => onOpen("edit")}>
          Edit<span className="sr-only"> your comment</span>
        </Button>
      )}
      {comment.canDelete && (
        <Button look="bare" size="inline" onClick={() => setIsAsking(true)}>
          Delete<span className="sr-only"> {whose}</span>
        </Button>
      )}
      {error !== null && <Notice className="mt-2 basis-full">{error}</Notice>}
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={`Delete ${whose}?`}
        confirmLabel="Delete"
        onConfirm={() => {
          focusHeading();
          void remove();
        }}
        onCloseAutoFocus={(event) => event.preventDefault()}
      >
        All replies below it go with it. This cannot be undone.
      </ConfirmDialog>
    </div>
  );
}
