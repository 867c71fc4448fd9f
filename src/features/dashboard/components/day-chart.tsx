"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { cn } from "@/lib/cn.ts";
import { Notice } from "@/ui/notice.tsx";
import { daysQuery } from "../queries.ts";
import type { Day, Numbers } from "../schema.ts";
import { dayWords } from "./day-words.ts";

const DayBars = dynamic(() => import("./day-bars.tsx").then(({ DayBars: Bars }) => Bars), {
  ssr: false,
});

const kinds = ["views", "comments", "reactions"] as const satisfies readonly (keyof Numbers)[];
const words: Record<keyof Numbers, string> = {
  views: "Views",
  comments: "Comments",
  reactions: "Reactions",
};

/** Views, comments and reactions of the last days, as a bar chart and as a table. */
export function DayChart({ userId }: { userId: string }) {
  const { data: days = [], isError } = useQuery(daysQuery(userId));
  const [shown, setShown] = useState<keyof Numbers>("views");
  return (
    <section aria-labelledby="last-days">
      <div className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-3 border-t-2 border-ink pt-2.5">
        <h2 id="last-days" className="label-caps">
          Last 30 days
        </h2>
        <fieldset className="flex flex-wrap gap-x-6 gap-y-2">
          <legend className="sr-only">What the chart shows</legend>
          {kinds.map((kind) => (
            <button
              key={kind}
              type="button"
              aria-pressed={kind === shown}
              onClick={() => setShown(kind)}
              className={cn(
                "border-b-2 pb-0.5 text-sm text-ink-soft hover:text-ink",
                kind === shown ? "border-accent text-ink" : "border-transparent",
              )}
            >
              <span className="font-semibold tabular-nums">
                {sumOf(days, kind).toLocaleString("en")}
              </span>{" "}
              {words[kind].toLowerCase()}
            </button>
          ))}
        </fieldset>
      </div>
      {isError && <Notice className="mt-4">The chart could not be loaded.</Notice>}
      <div aria-hidden className="mt-5 h-52 sm:h-60">
        <DayBars days={days} shown={shown} />
      </div>
      <details className="mt-3 text-sm">
        <summary className="text-xs text-ink-soft">Show as table</summary>
        <table className="mt-3 w-full max-w-xl text-left tabular-nums">
          <thead className="label-caps text-ink-faint">
            <tr>
              <th className="py-1.5 font-semibold">Day</th>
              {kinds.map((kind) => (
                <th key={kind} className="text-right font-semibold">
                  {words[kind]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map((day) => (
              <tr key={day.day} className="border-t border-rule">
                <th className="py-1.5 font-normal">{dayWords(day.day)}</th>
                {kinds.map((kind) => (
                  <td key={kind} className="text-right">
                    {day[kind].toLocaleString("en")}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

const sumOf = (days: readonly Day[], kind: keyof Numbers) =>
  days.reduce((sum, day) => sum + day[kind], 0);
