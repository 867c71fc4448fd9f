"use client";

import { useEffect, useState } from "react";
import { count } from "@/lib/text/text.ts";
import { ChevronRight } from "@/ui/icons.ts";
import { CommentItem } from "./comment-item.tsx";
import { countComments, foldReplies, type ThreadNode } from "./thread.ts";
import { useThread } from "./thread-context.ts";
import { focusComment } from "./use-linked-comment.ts";

/**
 * Replies below the deepest indented level, behind "n more replies". A `details` element opens without
 * JavaScript too. A link to a comment inside opens it, and so does the viewer's own reply.
 */
export function ReplyFold({ node }: { node: ThreadNode }) {
  const { linkedId, sending } = useThread();
  const [isOpen, setIsOpen] = useState(false);
  const folded = foldReplies(node);
  const isLinked = folded.some(({ comment }) => comment.id === linkedId);
  const isWriting = folded.some(({ comment }) => sending.has(comment.id));

  useEffect(() => {
    if (isLinked || isWriting) setIsOpen(true);
  }, [isLinked, isWriting]);
  useEffect(() => {
    if (isLinked && isOpen && linkedId !== null) focusComment(linkedId);
  }, [isLinked, isOpen, linkedId]);

  return (
    <details
      open={isOpen}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
      className="group mt-2 ml-1 border-l border-rule pl-4 sm:ml-3.5 sm:pl-6"
    >
      <summary className="inline-flex list-none items-center gap-1 py-1 text-xs font-semibold text-accent hover:text-accent-strong [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        {count(countComments(folded.map(({ comment }) => comment)), "more reply", "more replies")}
      </summary>
      <ol className="mt-2 space-y-3">
        {folded.map(({ comment, answers }) => (
          <li key={comment.id}>
            <CommentItem comment={comment} {...(answers && { answers })} />
          </li>
        ))}
      </ol>
    </details>
  );
}
