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
import { observationRef } from "@/lib/evidence/observation.ts";
import { utcTime } from "@/lib/text/utc-time.ts";
import { axisText } from "@/ui/data/axis-text.ts";
import type { FigureValue } from "./figure-values.ts";

interface FigureLinesProps {
  readonly values: readonly FigureValue[];
  readonly unit: string;
}

const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const hour = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "UTC" });
const month = new Intl.DateTimeFormat("en-GB", {
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const dayMs = 86_400_000;

/** How an axis writes times, by the time that it spans. */
function timeWords(spanMs: number): Intl.DateTimeFormat {
  if (spanMs > 0 && spanMs < 2 * dayMs) return hour;
  return spanMs < 200 * dayMs ? day : month;
}

/** The values of a figure over the time of their events. A separate module, since the chart library is large. */
export function FigureLines({ values, unit }: FigureLinesProps) {
  const [firstMs, lastMs] = [values[0]?.atMs ?? 0, values.at(-1)?.atMs ?? 0];
  const words = timeWords(lastMs - firstMs);
  const points = values.map(({ atMs, value, isValid }) => ({
    atMs,
    valid: isValid ? value : null,
    other: isValid ? null : value,
  }));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart
        data={points}
        margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--color-rule)" />
        <XAxis
          dataKey="atMs"
          type="number"
          scale="time"
          domain={["dataMin", "dataMax"]}
          padding={{ left: 8, right: 8 }}
          // The library would write a single moment twice.
          {...(firstMs === lastMs && { ticks: [firstMs] })}
          tickFormatter={(atMs: number) => words.format(atMs)}
          tick={axisText}
          tickLine={false}
          axisLine={{ stroke: "var(--color-ink)" }}
          minTickGap={40}
        />
        <YAxis
          domain={["auto", "auto"]}
          tickFormatter={(value: number) => short.format(value)}
          tick={axisText}
          tickLine={false}
          axisLine={false}
          width={48}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: "var(--color-ink-faint)" }}
          content={({ active, label }) =>
            active ? (
              <ValueNote values={values.filter(({ atMs }) => atMs === label)} unit={unit} />
            ) : null
          }
        />
        <Line
          dataKey="valid"
          stroke="var(--color-accent)"
          strokeWidth={2}
          dot={{ r: 3, fill: "var(--color-accent)", stroke: "none" }}
          connectNulls
          isAnimationActive={false}
        />
        <Line
          dataKey="other"
          stroke="none"
          dot={{ r: 3.5, fill: "var(--color-paper)", stroke: "var(--color-ink-faint)" }}
          isAnimationActive={false}
        />
      </LineChart>
    </ResponsiveContainer>
  );
}

/** The values of one moment. */
function ValueNote({ values, unit }: FigureLinesProps) {
  const [first] = values;
  if (first === undefined) return null;
  return (
    <div className="rounded-sm border border-rule bg-raised px-3 py-2 text-xs text-ink shadow-sheet">
      <p className="font-semibold">{utcTime(first.eventAt)}</p>
      {values.map(({ number, text: value, correctedBy, integrity }) => (
        <p key={`${number} ${value}`} className="text-ink-soft">
          {value} {unit} · {observationRef(number)}
          {correctedBy !== null && `, corrected by ${observationRef(correctedBy)}`}
          {integrity !== "verified" && ", signature not verified"}
        </p>
      ))}
    </div>
  );
}
