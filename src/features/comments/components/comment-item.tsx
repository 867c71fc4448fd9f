"use client";

import { useId, useState } from "react";
import { cn } from "@/lib/cn.ts";
import type { Comment } from "../schema.ts";
import { CommentBody } from "./comment-body.tsx";
import { CommentHead } from "./comment-head.tsx";
import { ReplyingLine } from "./replying/replying-line.tsx";
import { useReplyNotes } from "./replying/use-reply-notes.ts";
import { isTombstone } from "./thread.ts";
import { useThread } from "./thread-context.ts";
import { anchorOf, focusComment } from "./use-linked-comment.ts";
import { CommentActions } from "./writing/comment-actions.tsx";
import { CommentComposer } from "./writing/comment-composer.tsx";
import { useReply } from "./writing/use-reply.ts";

interface CommentItemProps {
  readonly comment: Comment;
  /** The parent comment, inside a fold, where indentation does not show it. */
  readonly answers?: Comment;
}

/** A comment with its actions, or a tombstone. The thread renders its replies. */
export function CommentItem(props: CommentItemProps) {
  return isTombstone(props.comment) ? (
    <p
      id={anchorOf(props.comment.id)}
      tabIndex={-1}
      className="-mx-3 px-3 py-2 text-sm text-ink-faint"
    >
      This comment was deleted.
    </p>
  ) : (
    <LiveComment {...props} />
  );
}

function LiveComment({ comment, answers }: CommentItemProps) {
  const { sending, newIds, linkedId, mutations, announce } = useThread();
  const [open, setOpen] = useState<"nothing" | "reply" | "edit">("nothing");
  const reply = useReply(comment.id);
  const headId = useId();
  const isNew = newIds.includes(comment.id);
  const isSending = sending.has(comment.id);

  const close = () => {
    setOpen("nothing");
    focusComment(comment.id);
  };
  const saveEdit = async (body: string) => {
    if (body !== comment.body) await mutations.edit({ commentId: comment.id, body });
    announce("Your comment was edited.");
    close();
  };
  const sendReply = async (body: string) => {
    await reply(body);
    setOpen("nothing");
  };

  return (
    <article
      id={anchorOf(comment.id)}
      tabIndex={-1}
      aria-labelledby={headId}
      aria-busy={isSending || undefined}
      className={cn(
        "-mx-3 rounded-sm px-3 py-2 transition-opacity focus-visible:outline-offset-0",
        isSending && "opacity-60",
        isNew && "animate-settle",
        linkedId === comment.id && "bg-wash",
      )}
    >
      <CommentHead
        id={headId}
        comment={comment}
        {...(answers && { answers })}
        isNew={isNew}
        isSending={isSending}
      />
      {open === "edit" ? (
        <div className="mt-2">
          <CommentComposer
            label="Edit your comment"
            submitLabel="Save"
            draftKey={`edit.${comment.id}`}
            initialBody={comment.body}
            onSubmit={saveEdit}
            onCancel={close}
            whileSending="keep"
            takesFocus
          />
        </div>
      ) : (
        <CommentBody body={comment.body} className="mt-1.5" />
      )}
      {open !== "edit" && !isSending && (
        <CommentActions comment={comment} isReplying={open === "reply"} onOpen={setOpen} />
      )}
      <ReplyingLine targetId={comment.id} />
      {open === "reply" && (
        <ReplyComposer comment={comment} onSubmit={sendReply} onCancel={close} />
      )}
    </article>
  );
}

interface ReplyComposerProps {
  readonly comment: Comment;
  readonly onSubmit: (body: string) => Promise<void>;
  readonly onCancel: () => void;
}

function ReplyComposer({ comment, onSubmit, onCancel }: ReplyComposerProps) {
  const note = useReplyNotes(useThread().pageRef, comment.id);
  return (
    <div className="mt-3">
      <CommentComposer
        label={`Reply to ${comment.author?.name}`}
        submitLabel="Reply"
        draftKey={`reply.${comment.id}`}
        onSubmit={onSubmit}
        onTyped={note}
        onCancel={onCancel}
        whileSending="hide"
        takesFocus
      />
    </div>
  );
}
