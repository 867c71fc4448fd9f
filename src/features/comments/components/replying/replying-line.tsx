"use client";

import { useThread } from "../thread-context.ts";
import { replyingText } from "./repliers.ts";

/** The people who are replying to a comment or, without one, to the page. The thread announces them. */
export function ReplyingLine({ targetId }: { targetId: string }) {
  const { repliers, nameOf } = useThread();
  const names = repliers.filter((each) => each.targetId === targetId).map(nameOf);
  if (names.length === 0) return null;
  return (
    <p data-repliers className="mt-2 animate-appear text-sm text-ink-soft italic">
      {replyingText(names)}
    </p>
  );
}
