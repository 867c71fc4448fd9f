"use client";

import type { ReactNode, Ref } from "react";
import { LastRead } from "@/ui/data/last-read.tsx";
import { anchorOf } from "./use-linked-comment.ts";

interface ThreadHeadProps {
  readonly ref: Ref<HTMLHeadingElement>;
  readonly title: string;
  readonly newIds: readonly string[];
  readonly readAtMs: number | undefined;
  readonly aside: ReactNode;
}

/** Number of comments, number of new ones, and time of the last update. */
export function ThreadHead({ ref, title, newIds, readAtMs, aside }: ThreadHeadProps) {
  const [firstNew] = newIds;
  return (
    <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-t-2 border-ink pt-2.5">
      <h2
        ref={ref}
        id="discussion-title"
        tabIndex={-1}
        className="font-serif text-xl font-medium tracking-tight"
      >
        {title}
      </h2>
      {firstNew !== undefined && (
        <a href={`#${anchorOf(firstNew)}`} className="text-xs font-semibold text-accent text-link">
          ¶ {newIds.length} new
        </a>
      )}
      <div className="ml-auto flex items-baseline gap-x-3">
        <LastRead atMs={readAtMs} />
        {aside}
      </div>
    </div>
  );
}
