"use client";

import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { count } from "@/lib/text/text.ts";
import { axisText } from "@/ui/data/axis-text.ts";
import type { Day, Numbers } from "../schema.ts";
import { dayWords } from "./day-words.ts";

interface DayBarsProps {
  readonly days: readonly Day[];
  readonly shown: keyof Numbers;
}

/** The bars of the chart. A separate module, since the chart library is as large as the rest of the page. */
export function DayBars({ days, shown }: DayBarsProps) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={[...days]}
        margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
        barCategoryGap="28%"
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--color-rule)" />
        <XAxis
          dataKey="day"
          tickFormatter={dayWords}
          tick={axisText}
          tickLine={false}
          axisLine={{ stroke: "var(--color-ink)" }}
          minTickGap={32}
        />
        <YAxis allowDecimals={false} tick={axisText} tickLine={false} axisLine={false} width={34} />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: "var(--color-sunk)" }}
          content={({ active, payload }) => {
            const day = payload?.[0]?.payload as Day | undefined;
            return active && day ? <DayNote day={day} /> : null;
          }}
        />
        <Bar dataKey={shown} fill="var(--color-accent)" isAnimationActive={false} />
      </BarChart>
    </ResponsiveContainer>
  );
}

function DayNote({ day }: { day: Day }) {
  return (
    <div className="rounded-sm border border-rule bg-raised px-3 py-2 text-xs text-ink shadow-sheet">
      <p className="font-semibold">{dayWords(day.day)}</p>
      <p className="text-ink-soft tabular-nums">
        {count(day.views, "view")}, {count(day.comments, "comment")},{" "}
        {count(day.reactions, "reaction")}
      </p>
    </div>
  );
}
