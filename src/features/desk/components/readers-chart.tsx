"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { count } from "@/lib/text/text.ts";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { minutesShown } from "../limits.ts";
import { readersQuery } from "../queries.ts";

const minuteMs = 60_000;
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** New readers of the last hour by the minute. New points appear while the page is open. */
export function ReadersChart({ publicationId }: { publicationId: string }) {
  const { data, isError, refetch } = useQuery(readersQuery(publicationId));
  const nowMs = useMinute();
  const readersAt = new Map(data?.map(({ minute, readers }) => [Date.parse(minute), readers]));
  const minutes = Array.from({ length: nowMs === null ? 0 : minutesShown }, (_, index) => {
    const atMs = (nowMs ?? 0) - (minutesShown - index) * minuteMs;
    return { atMs, readers: readersAt.get(atMs) ?? 0 };
  });
  const most = Math.max(1, ...minutes.map(({ readers }) => readers));
  const sum = minutes.reduce((total, { readers }) => total + readers, 0);
  return (
    <section>
      <SectionTitle>New readers</SectionTitle>
      {isError && <ReadFailed onRetry={refetch}>The readers could not be loaded.</ReadFailed>}
      <p className="text-sm text-ink-soft" role="status">
        {data === undefined ? "Loading…" : `${count(sum, "new reader")} in the last hour`}
      </p>
      <div className="mt-3 flex gap-2">
        <div
          aria-hidden
          className="flex h-28 flex-col justify-between text-right text-2xs text-ink-faint"
        >
          <span>{most}</span>
          <span>0</span>
        </div>
        <div
          role="img"
          aria-label={`New readers per minute of the last hour: at most ${most === 1 && sum === 0 ? 0 : most}, ${sum} in all.`}
          className="flex h-28 flex-1 items-end gap-px border-b border-ink"
        >
          {minutes.map(({ atMs, readers }) => (
            <div
              key={atMs}
              data-readers={readers}
              title={`${clock.format(atMs)}: ${count(readers, "new reader")}`}
              className="flex h-full flex-1 items-end hover:bg-sunk"
            >
              <div className="w-full bg-accent" style={{ height: `${(readers / most) * 100}%` }} />
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}

/** The current minute in ms since 1970. Null on the server and at hydration, which have other clocks. */
function useMinute(): number | null {
  const [minuteAt, setMinuteAt] = useState<number | null>(null);
  useEffect(() => {
    const note = () => setMinuteAt(Math.floor(Date.now() / minuteMs) * minuteMs);
    note();
    const timer = setInterval(note, 1_000);
    return () => clearInterval(timer);
  }, []);
  return minuteAt;
}
