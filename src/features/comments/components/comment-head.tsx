"use client";

import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { Link } from "@/ui/link.tsx";
import { Monogram } from "@/ui/monogram.tsx";
import type { Comment } from "../schema.ts";
import { useThread } from "./thread-context.ts";
import { anchorOf } from "./use-linked-comment.ts";

interface CommentHeadProps {
  readonly id: string;
  readonly comment: Comment;
  readonly answers?: Comment;
  readonly isNew: boolean;
  readonly isSending: boolean;
}

/** Author, time, and whether the comment is new. The time links to the comment. */
export function CommentHead({ id, comment, answers, isNew, isSending }: CommentHeadProps) {
  const { pageOwnerId } = useThread();
  const { author } = comment;
  if (author === null) return null;
  return (
    <header className="flex items-center gap-2.5">
      <Monogram name={author.name} className="size-7 text-[0.6875rem]" />
      <p className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-xs text-ink-faint">
        <span id={id} className="text-sm">
          <Link href={`/people/${author.handle}`} className="text-link font-semibold text-ink">
            {author.name}
          </Link>
          {answers && (
            <>
              {" answers "}
              <a href={`#${anchorOf(answers.id)}`} className="text-link text-ink-soft">
                {answers.author?.name ?? "a deleted comment"}
              </a>
            </>
          )}
        </span>
        {author.id === pageOwnerId && <span className="label-caps text-accent">Author</span>}
        {isSending ? (
          <span>Sending…</span>
        ) : (
          <a href={`#${anchorOf(comment.id)}`} className="text-link decoration-transparent">
            <RelativeTime at={comment.createdAt} />
          </a>
        )}
        {comment.editedAt !== null && <span>changed</span>}
        {isNew && (
          <span className="label-caps text-accent">
            <span aria-hidden>¶ </span>New
          </span>
        )}
      </p>
    </header>
  );
}
