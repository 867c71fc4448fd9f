"use client";

import { useEffect, useState } from "react";
import { longDate, relativeTime, relativeTimeStaysMs } from "@/lib/relative-time.ts";

/**
 * A moment as people say it, kept true while the page is open. The server's words may be seconds old
 * when the browser takes over, which is no mistake worth a warning.
 */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const atMs = Date.parse(at);
  const [nowMs, setNowMs] = useState(() => Date.now());
  const staysMs = relativeTimeStaysMs(atMs, nowMs);
  useEffect(() => {
    if (staysMs === null) return;
    const timer = setInterval(() => setNowMs(Date.now()), staysMs);
    return () => clearInterval(timer);
  }, [staysMs]);
  return (
    <time dateTime={at} title={longDate(atMs)} className={className} suppressHydrationWarning>
      {relativeTime(atMs, nowMs)}
    </time>
  );
}
