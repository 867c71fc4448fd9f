"use client";

import { useEffect, useState } from "react";
import { longDate, relativeTime, relativeTimeStaysMs } from "@/lib/text/relative-time.ts";

/**
 * A relative time that stays up to date while the page is open. The text from the server may be seconds old
 * at hydration, so the mismatch warning is suppressed.
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
