"use client";

import { useMemo } from "react";
import { cn } from "@/lib/cn.ts";
import { channelTitle } from "@/lib/text/channel-words.ts";
import type { Names } from "@/lib/text/names.ts";
import { type Columns, DataTable } from "@/ui/data/data-table.tsx";
import { ChannelName } from "@/ui/data/id-name.tsx";
import { Link } from "@/ui/link.tsx";
import type { SignalRow } from "../schema.ts";
import { SignalIds } from "./signal-ids.tsx";

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "UTC" });

/** Long titles are truncated, so that each signal is one line. */
const oneLine =
  "flex items-center whitespace-nowrap [&_a]:truncate [&_li]:flex [&_li]:items-center " +
  "[&>span]:flex [&>span]:items-center [&>span]:gap-1";

const columnsFor = (names: Names): Columns<SignalRow> => [
  {
    header: "Time (UTC)",
    accessorKey: "writtenAt",
    cell: ({ row }) => (
      <time dateTime={row.original.writtenAt} className="text-xs">
        {clock.format(Date.parse(row.original.writtenAt))}
      </time>
    ),
  },
  {
    header: "Signal",
    accessorKey: "name",
    cell: ({ row }) => (
      <code className="font-mono text-xs whitespace-nowrap">{row.original.name}</code>
    ),
  },
  {
    header: "Channel",
    accessorKey: "channel",
    cell: ({ row }) => (
      <span className={cn(oneLine, "text-xs [&_a]:max-w-56")}>
        <ChannelName name={row.original.channel} names={names} />
        <Link
          href={`/admin/access?${new URLSearchParams({ channel: row.original.channel })}`}
          className="text-link ml-2"
        >
          Check access
          <span className="sr-only"> to {channelTitle(row.original.channel, names)}</span>
        </Link>
      </span>
    ),
  },
  {
    header: "About",
    id: "ids",
    enableSorting: false,
    cell: ({ row }) => (
      <div className={cn(oneLine, "[&_a]:max-w-72")}>
        <SignalIds ids={row.original.ids} names={names} />
      </div>
    ),
  },
  {
    header: "Trace",
    id: "trace",
    enableSorting: false,
    cell: ({ row }) => (
      <Link
        href={`/admin/signals/trace?${new URLSearchParams({ place: row.original.place })}`}
        className="text-link text-xs whitespace-nowrap"
      >
        View trace<span className="sr-only"> of {row.original.name}</span>
      </Link>
    ),
  },
];

interface SignalTableProps {
  readonly signals: readonly SignalRow[];
  readonly names: Names;
}

/** Signals of the log: names and ids, without content. */
export function SignalTable({ signals, names }: SignalTableProps) {
  const columns = useMemo(() => columnsFor(names), [names]);
  return (
    <DataTable caption="Signals" columns={columns} rows={signals} idOf={({ place }) => place} />
  );
}
