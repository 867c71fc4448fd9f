"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { logStateQuery } from "../queries.ts";
import type { Minute } from "../schema.ts";
import type { Series } from "./hour-lines.tsx";
import { clock, valueWords } from "./minute-words.ts";

const HourLines = dynamic(() => import("./hour-lines.tsx").then(({ HourLines: Lines }) => Lines), {
  ssr: false,
});

interface HourChartProps {
  readonly title: string;
  readonly series: readonly Series[];
}

const none: readonly Minute[] = [];

/** The last hour by minute, as a line chart and as a table. */
export function HourChart({ title, series }: HourChartProps) {
  const { data } = useQuery(logStateQuery);
  const minutes = data?.minutes ?? none;
  // Only the relay to a broker records what it sent.
  if (data !== undefined && data.delivery.mode !== "broker") return null;
  return (
    <figure>
      <SectionTitle
        aside={
          <ul className="flex gap-4 text-xs text-ink-soft">
            {series.map(({ key, name, colour, dash }) => (
              <li key={key} className="flex items-center gap-1.5">
                <svg aria-hidden viewBox="0 0 20 4" className="h-1 w-5">
                  <path d="M0 2h20" stroke={colour} strokeWidth="3" strokeDasharray={dash} />
                </svg>
                {name}
              </li>
            ))}
          </ul>
        }
      >
        {title}
      </SectionTitle>
      <div aria-hidden className="mt-4 h-44">
        <HourLines minutes={minutes} series={series} />
      </div>
      <details className="mt-2 text-xs">
        <summary className="text-ink-soft">Show as table</summary>
        <table className="mt-2 w-full max-w-md text-left tabular-nums">
          <thead>
            <tr>
              <th className="py-1 font-semibold">Minute</th>
              {series.map(({ key, name }) => (
                <th key={key} className="text-right font-semibold">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {minutes
              .filter(({ signals }) => signals > 0)
              .toReversed()
              .map((minute) => (
                <tr key={minute.at} className="border-t border-rule">
                  <th className="py-1 font-normal" suppressHydrationWarning>
                    {clock.format(Date.parse(minute.at))}
                  </th>
                  {series.map(({ key }) => (
                    <td key={key} className="text-right">
                      {valueWords(minute[key])}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
