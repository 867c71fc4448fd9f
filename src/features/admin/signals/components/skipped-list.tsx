"use client";

import { useQuery } from "@tanstack/react-query";
import { type Columns, DataTable } from "@/ui/data/data-table.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { Notice } from "@/ui/notice.tsx";
import { skippedQuery } from "../queries.ts";
import type { SkippedRows } from "../schema.ts";

const columns: Columns<SkippedRows> = [
  { header: "Table", accessorKey: "table" },
  {
    header: "Signal",
    accessorKey: "signal",
    cell: ({ row }) => (
      <code className="font-mono text-xs whitespace-nowrap">{row.original.signal}</code>
    ),
  },
  { header: "Rows", accessorKey: "rows" },
  {
    header: "Last",
    accessorKey: "lastAt",
    cell: ({ row }) => <RelativeTime at={row.original.lastAt} />,
  },
];

/** Changed rows of captured tables that published nothing. The changes themselves were written. */
export function SkippedList() {
  const { data: rows = [], error } = useQuery(skippedQuery);
  if (rows.length === 0 && error === null) return null;
  return (
    <section className="mt-10">
      <SectionTitle className="mb-4">Rows without a signal</SectionTitle>
      {error && <Notice>{error.message}</Notice>}
      {rows.length > 0 && (
        <>
          <p className="mb-4 text-sm text-ink-soft">
            These rows name no channel: a value is empty or is no id, or the row they belong to is
            gone. That is expected for comments and reactions on gists, for tasks without an
            assignee, and for invitations of people without an account.
          </p>
          <DataTable
            caption="Rows without a signal"
            columns={columns}
            rows={rows}
            idOf={({ table, signal }) => `${table} ${signal}`}
          />
        </>
      )}
    </section>
  );
}
