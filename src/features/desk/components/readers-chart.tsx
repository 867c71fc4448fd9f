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

/** Readers of the last hour by the minute. New points appear while the page is open. */
export function ReadersChart({ publicationId }: { publicationId: string }) {
  const { data, isError, refetch } = useQuery(readersQuery(publicationId));
  const nowMs = useMinute();
  const readersAt = new Map(data?.map(({ minute, readers }) => [Date.parse(minute), readers]));
  const minutes = Array.from({ length: nowMs === null ? 0 : minutesShown }, (_, index) => {
    const atMs = (nowMs ?? 0) - (minutesShown - index) * minuteMs;
    return { atMs, readers: readersAt.get(atMs) ?? 0 };
  });
  const most = Math.max(0, ...minutes.map(({ readers }) => readers));
  const words =
    most === 0
      ? "No readers in the last hour"
      : `At most ${count(most, "reader")} in one minute of the last hour`;
  return (
    <section>
      <SectionTitle>Readers per minute</SectionTitle>
      {isError && <ReadFailed onRetry={refetch}>The readers could not be loaded.</ReadFailed>}
      <p className="text-sm text-ink-soft" role="status">
        {data === undefined ? "Loading…" : words}
      </p>
      <p className="mt-1 text-xs text-ink-faint">
        Visitors who opened an article for the first time in a day.
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
          aria-label={words}
          className="flex h-28 flex-1 items-end gap-px border-b border-ink"
        >
          {minutes.map(({ atMs, readers }) => (
            <div
              key={atMs}
              data-readers={readers}
              title={`${clock.format(atMs)}: ${count(readers, "reader")}`}
              className="flex h-full flex-1 items-end hover:bg-sunk"
            >
              <div
                className="w-full bg-accent"
                style={{ height: `${(readers / Math.max(1, most)) * 100}%` }}
              />
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
