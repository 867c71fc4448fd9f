"use client";

import { useQuery } from "@tanstack/react-query";
import { count } from "@/lib/text.ts";
import { Notice } from "@/ui/notice.tsx";
import { logStateQuery } from "../queries.ts";
import type { LogState } from "../schema.ts";

/** How the log and its relay are, in one line of figures. */
export function LogFigures() {
  const { data, error } = useQuery(logStateQuery);
  if (error) return <Notice>{error.message}</Notice>;
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-4 border-y border-rule py-5 sm:grid-cols-4">
      <Figure label="Relay" value={data && (data.isLed ? "At work" : "Nobody relays")} />
      <Figure
        label="Waiting"
        value={data && `${count(data.pending, "signal")}${data.more ? " and more" : ""}`}
      />
      <Figure label="Oldest of them" value={data && seconds(data)} />
      <Figure label="Set aside" value={data && count(data.setAside, "signal")} />
    </dl>
  );
}

const seconds = ({ pending, lagMs }: LogState) =>
  pending === 0 ? "–" : `${(lagMs / 1_000).toLocaleString("en", { maximumFractionDigits: 1 })} s`;

function Figure({ label, value = "…" }: { label: string; value?: string | undefined }) {
  return (
    <div>
      <dt className="label-caps text-ink-faint">{label}</dt>
      <dd className="mt-1 font-serif text-xl tabular-nums">{value}</dd>
    </div>
  );
}
