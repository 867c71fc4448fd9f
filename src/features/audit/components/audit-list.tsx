"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, buttonStyle } from "@/ui/button.tsx";
import { type Columns, DataTable } from "@/ui/data-table.tsx";
import { EmptyState } from "@/ui/empty-state.tsx";
import { Notice } from "@/ui/notice.tsx";
import { RelativeTime } from "@/ui/relative-time.tsx";
import { SkeletonList } from "@/ui/skeleton.tsx";
import { auditQuery } from "../queries.ts";
import type { AuditEntry, AuditFilter } from "../schema.ts";

const columns: Columns<AuditEntry> = [
  {
    header: "When",
    accessorKey: "at",
    enableSorting: false,
    cell: ({ row }) => <RelativeTime at={row.original.at} className="whitespace-nowrap" />,
  },
  {
    header: "Who",
    id: "who",
    accessorFn: ({ actor }) => nameOf(actor),
    cell: ({ row }) => <span className="whitespace-nowrap">{nameOf(row.original.actor)}</span>,
  },
  {
    header: "What",
    accessorKey: "action",
    cell: ({ row }) => <code className="font-mono text-xs">{row.original.action}</code>,
  },
  {
    header: "To what",
    accessorKey: "subject",
    cell: ({ row }) => <span className="break-all">{row.original.subject}</span>,
  },
  {
    header: "Detail",
    id: "detail",
    enableSorting: false,
    cell: ({ row }) => <Detail detail={row.original.detail} />,
  },
];

/** What was done, by whom, to what: the youngest first. */
export function AuditList({ filter }: { filter: AuditFilter }) {
  const list = useInfiniteQuery(auditQuery(filter));
  const entries = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const exported = (format: "csv" | "json") =>
    `/api/admin/audit/export?${new URLSearchParams({ ...given(filter), format })}`;
  return (
    <>
      <div className="mt-4 mb-3 flex flex-wrap items-center justify-end gap-2">
        <Button look="bare" size="sm" onClick={() => void list.refetch()}>
          {list.isFetching ? "Reading…" : "Read again"}
        </Button>
        <a href={exported("csv")} download className={buttonStyle({ look: "quiet", size: "sm" })}>
          Export as CSV
        </a>
        <a href={exported("json")} download className={buttonStyle({ look: "quiet", size: "sm" })}>
          Export as JSON
        </a>
      </div>
      {list.isError && <Notice className="mb-4">{list.error.message}</Notice>}
      {list.isPending && <SkeletonList label="The audit log is being read" />}
      {list.isSuccess && entries.length === 0 && (
        <EmptyState title="Nothing found">Nothing was done that this filter asks for.</EmptyState>
      )}
      {entries.length > 0 && (
        <DataTable
          caption="Audit log"
          columns={columns}
          rows={entries}
          idOf={({ id }) => String(id)}
        />
      )}
      {list.hasNextPage && (
        <p className="pt-6">
          <Button
            look="quiet"
            aria-disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? "Reading…" : "Earlier entries"}
          </Button>
        </p>
      )}
    </>
  );
}

const nameOf = (actor: AuditEntry["actor"]) => {
  if (actor === null) return "The site";
  return actor.name ?? "Somebody who is gone";
};

/** The parts of a filter that are there. */
const given = (filter: AuditFilter) =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value)) as Record<string, string>;

function Detail({ detail }: { detail: AuditEntry["detail"] }) {
  const parts = Object.entries(detail);
  if (parts.length === 0) return null;
  return (
    <dl className="font-mono text-2xs text-ink-soft">
      {parts.map(([name, value]) => (
        <div key={name} className="flex gap-2">
          <dt className="text-ink-faint">{name}</dt>
          <dd className="break-all">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
