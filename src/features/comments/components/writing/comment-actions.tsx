"use client";

import { lazy, Suspense } from "react";
import { Button } from "@/ui/forms/button.tsx";
import { ConfirmDialog } from "@/ui/overlays/confirm-dialog.tsx";
import type { Comment } from "../../schema.ts";
import { useThread } from "../thread-context.ts";

/**
 * Loaded by admins only. React's `lazy` adds nothing for readers, while `next/dynamic` adds 2 kB to every
 * page.
 */
const RemoveComment = lazy(async () => ({
  default: (await import("./remove-comment.tsx")).RemoveComment,
}));

interface CommentActionsProps {
  readonly comment: Comment;
  readonly isReplying: boolean;
  readonly onOpen: (what: "reply" | "edit") => void;
}

/**
 * The actions that the viewer can take. They mirror the rules that the database enforces: an author edits
 * and deletes, the owner of the page deletes, an admin removes.
 */
export function CommentActions({ comment, isReplying, onOpen }: CommentActionsProps) {
  const { viewer, pageOwnerId, isAdmin, remove, extras, focusHeading } = useThread();
  if (viewer === null) return extras?.(comment);
  const isOwn = comment.author?.id === viewer.id;
  const name = comment.author?.name;
  const mayDelete = isOwn || viewer.id === pageOwnerId;
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
      {mayDelete && (
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
          Your own replies to it are deleted too. Replies by other people stay below a note that the
          comment was deleted. This cannot be undone.
        </ConfirmDialog>
      )}
      {isAdmin && !mayDelete && (
        <Suspense>
          <RemoveComment
            name={name ?? ""}
            onRemove={(reason) => void remove(comment.id, reason)}
            focusAfterwards={focusHeading}
          />
        </Suspense>
      )}
      {extras?.(comment)}
    </div>
  );
}
