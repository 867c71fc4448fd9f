"use client";

import { cn } from "@/lib/cn.ts";
import { useHydrated } from "../use-hydrated.ts";

const readersClock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });
const utcClock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "UTC" });

interface LastReadProps {
  /** When the data was last fetched from the server, in ms since 1970; `undefined` for never. */
  readonly atMs: number | undefined;
  readonly className?: string;
}

/**
 * Shows when the data was last fetched: in the viewer's time zone, and in UTC when rendered on the server.
 */
export function LastRead({ atMs, className }: LastReadProps) {
  const isHydrated = useHydrated();
  const timeOf = (ms: number) =>
    isHydrated ? readersClock.format(ms) : `${utcClock.format(ms)} UTC`;
  return (
    <p className={cn("text-xs text-ink-faint", className)}>
      {atMs === undefined ? "Not loaded yet" : `Updated ${timeOf(atMs)}`}
    </p>
  );
}
