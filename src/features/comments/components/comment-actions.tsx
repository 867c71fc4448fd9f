"use client";

import { Button } from "@/ui/button.tsx";
import { ConfirmDialog } from "@/ui/confirm-dialog.tsx";
import type { Comment } from "../schema.ts";
import { useThread } from "./thread-context.ts";

interface CommentActionsProps {
  readonly comment: Comment;
  readonly isReplying: boolean;
  readonly onOpen: (what: "reply" | "edit") => void;
}

/**
 * Reply, edit, delete: as far as the viewer may. What is offered mirrors the policies of the table,
 * which have the last word: edited by its author, deleted by its author or by whose page it stands on.
 */
export function CommentActions({ comment, isReplying, onOpen }: CommentActionsProps) {
  const { viewer, pageOwnerId, remove, extras, focusHeading } = useThread();
  if (viewer === null) return extras?.(comment);
  const isOwn = comment.author?.id === viewer.id;
  const name = comment.author?.name;
  const whose = isOwn ? "your comment" : `${name}’s comment`;
  return (
    <div className="mt-1 flex flex-wrap gap-x-3.5">
      {!isReplying && (
        <Button look="bare" size="inline" onClick={() => onOpen("reply")}>
          Reply<span className="sr-only"> to {name}</span>
        </Button>
      )}
      {isOwn && (
        <Button look="bare" size="inline" onClick={() => onOpen("edit")}>
          Edit<span className="sr-only"> your comment</span>
        </Button>
      )}
      {(isOwn || viewer.id === pageOwnerId) && (
        <ConfirmDialog
          trigger={
            <Button look="bare" size="inline">
              Delete<span className="sr-only"> {whose}</span>
            </Button>
          }
          title={`Delete ${whose}?`}
          confirmLabel="Delete"
          onConfirm={() => void remove(comment.id)}
          focusAfterwards={focusHeading}
        >
          Your replies below it go with it. Where other people have answered, their replies stay
          below a note that the comment was deleted. This cannot be undone.
        </ConfirmDialog>
      )}
      {extras?.(comment)}
    </div>
  );
}
