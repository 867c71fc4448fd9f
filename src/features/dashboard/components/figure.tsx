"use client";

import { useState } from "react";
import { cn } from "@/lib/cn.ts";
import { count } from "@/lib/text/text.ts";

interface FigureProps {
  readonly value: number;
  /** Name of the counted thing, singular: "view". */
  readonly of: string;
}

/**
 * A number that changes while the page is open. Its digits have a fixed width, and a change is highlighted.
 */
export function Figure({ value, of }: FigureProps) {
  const [first] = useState(value);
  const [number, ...unit] = count(value, of).split(" ");
  return (
    <span className="inline-flex min-w-0 items-baseline gap-1.5">
      <span
        key={value}
        className={cn(
          "rounded-xs text-base font-semibold text-ink tabular-nums lg:min-w-[4ch] lg:text-right",
          value !== first && "animate-settle",
        )}
      >
        {number}
      </span>
      <span className="text-xs text-ink-faint lg:min-w-[9ch]">{unit.join(" ")}</span>
    </span>
  );
}
