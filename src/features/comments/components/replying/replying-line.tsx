"use client";

import { useThread } from "../thread-context.ts";
import { replyingText } from "./repliers.ts";

/**
 * The people who are replying to a comment or, without one, to the page. The thread announces them. The line stands in
 * the gap below, so that nothing moves when it appears and ends.
 */
export function ReplyingLine({ targetId }: { targetId: string }) {
  const { repliers, nameOf } = useThread();
  const names = repliers.filter((each) => each.targetId === targetId).map(nameOf);
  if (names.length === 0) return null;
  return (
    <div className="relative h-0">
      <p
        data-repliers
        className="absolute inset-x-0 top-0.5 animate-appear truncate text-xs leading-4 text-ink-soft italic"
      >
        {replyingText(names)}
      </p>
    </div>
  );
}
