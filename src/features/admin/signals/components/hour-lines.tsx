"use client";

import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from "recharts";
import type { Minute } from "../schema.ts";

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

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });
const text = { fill: "var(--color-ink-faint)", fontSize: 12 };

/** The lines of a chart. A separate module, since the chart library is as large as the rest of the page. */
export function HourLines({ minutes, series }: HourLinesProps) {
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
          tick={text}
          tickLine={false}
          axisLine={{ stroke: "var(--color-ink)" }}
          minTickGap={40}
        />
        <YAxis tick={text} tickLine={false} axisLine={false} width={44} allowDecimals={false} />
        {series.map(({ key, name, colour, dash }) => (
          <Line
            key={key}
            dataKey={key}
            name={name}
            stroke={colour}
            strokeWidth={2}
            {...(dash === undefined ? {} : { strokeDasharray: dash })}
            dot={false}
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
