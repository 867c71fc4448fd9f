"use client";

import Link from "next/link";
import { type Columns, DataTable } from "@/ui/data-table.tsx";
import type { SignalRow } from "../schema.ts";

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "UTC" });

const columns: Columns<SignalRow> = [
  {
    header: "At (UTC)",
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
      <Link
        href={`/admin/hearing?${new URLSearchParams({ channel: row.original.channel })}`}
        className="text-link font-mono text-2xs break-all"
      >
        {row.original.channel}
      </Link>
    ),
  },
  {
    header: "Ids",
    id: "ids",
    enableSorting: false,
    cell: ({ row }) => (
      <span className="font-mono text-2xs break-all text-ink-soft">
        {row.original.ids === null ? "anything" : Object.values(row.original.ids).join(" ")}
      </span>
    ),
  },
  {
    header: "Trace",
    id: "trace",
    enableSorting: false,
    cell: ({ row }) => (
      <Link
        href={`/admin/signals/trace?${new URLSearchParams({ place: row.original.place })}`}
        className="text-link text-xs"
      >
        Follow<span className="sr-only"> {row.original.name}</span>
      </Link>
    ),
  },
];

/** Signals as they stand in the log: names and ids, never content. */
export function SignalTable({ signals }: { signals: readonly SignalRow[] }) {
  return (
    <DataTable caption="Signals" columns={columns} rows={signals} idOf={({ place }) => place} />
  );
}
