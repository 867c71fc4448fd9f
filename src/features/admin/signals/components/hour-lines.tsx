"use client";

import {
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { axisText } from "@/ui/data/axis-text.ts";
import type { Minute } from "../schema.ts";
import { clock, evenTicks, valueWords } from "./minute-words.ts";

/** One line of a chart. */
export interface Series {
  readonly key: Exclude<keyof Minute, "at">;
  readonly name: string;
  readonly colour: string;
  readonly dash?: string;
}

interface HourLinesProps {
  readonly minutes: readonly Minute[];
  readonly series: readonly Series[];
}

/** The lines of a chart. A separate module, since the chart library is as large as the rest of the page. */
export function HourLines({ minutes, series }: HourLinesProps) {
  const values = minutes.flatMap((minute) => series.map(({ key }) => minute[key] ?? 0));
  const ticks = [...evenTicks(Math.max(0, ...values))];
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart
        data={[...minutes]}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--color-rule)" />
        <XAxis
          dataKey="at"
          tickFormatter={(at: string) => clock.format(Date.parse(at))}
          tick={axisText}
          tickLine={false}
          axisLine={{ stroke: "var(--color-ink)" }}
          minTickGap={40}
        />
        <YAxis
          ticks={ticks}
          domain={[0, ticks.at(-1) ?? 0]}
          tick={axisText}
          tickLine={false}
          axisLine={false}
          width={44}
        />
        <Tooltip
          isAnimationActive={false}
          filterNull={false}
          cursor={{ stroke: "var(--color-ink-faint)" }}
          content={({ active, payload }) => {
            const minute = payload?.[0]?.payload as Minute | undefined;
            return active && minute ? <MinuteNote minute={minute} series={series} /> : null;
          }}
        />
        {series.map(({ key, name, colour, dash }) => (
          <Line
            key={key}
            dataKey={key}
            name={name}
            stroke={colour}
            strokeWidth={2}
            {...(dash === undefined ? {} : { strokeDasharray: dash })}
            // A minute between two without values has no line.
            dot={
              minutes.some((minute) => minute[key] === null) && {
                r: 1.5,
                fill: colour,
                stroke: "none",
              }
            }
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}

function MinuteNote({ minute, series }: { minute: Minute; series: readonly Series[] }) {
  return (
    <div className="rounded-sm border border-rule bg-raised px-3 py-2 text-xs text-ink shadow-sheet">
      <p className="font-semibold">{clock.format(Date.parse(minute.at))}</p>
      {series.map(({ key, name }) => (
        <p key={key} className="text-ink-soft">
          {name}: {valueWords(minute[key])}
        </p>
      ))}
    </div>
  );
}
