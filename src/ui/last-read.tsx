"use client";

import { cn } from "@/lib/cn.ts";

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** When what stands here was last read, on the reader's clock. 0 is never. */
export function LastRead({ atMs, className }: { atMs: number; className?: string }) {
  return (
    <p className={cn("text-xs text-ink-faint", className)} suppressHydrationWarning>
      {atMs === 0 ? "Not read yet" : `Read at ${clock.format(atMs)}`}
    </p>
  );
}
