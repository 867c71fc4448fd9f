"use client";

import { cn } from "@/lib/cn.ts";
import { useHydrated } from "./use-hydrated.ts";

const readersClock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const utcClock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "UTC" });

/** When what stands here was last read, on the reader's clock; on the server's page in UTC. 0 is never. */
export function LastRead({ atMs, className }: { atMs: number; className?: string }) {
  const isHydrated = useHydrated();
  const time = isHydrated ? readersClock.format(atMs) : `${utcClock.format(atMs)} UTC`;
  return (
    <p className={cn("text-xs text-ink-faint tabular-nums", className)}>
      {atMs === 0 ? "Not read yet" : `Read at ${time}`}
    </p>
  );
}
