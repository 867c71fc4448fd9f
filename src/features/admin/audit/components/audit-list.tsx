"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Names } from "@/lib/text/names.ts";
import { type Columns, DataTable } from "@/ui/data/data-table.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ChannelName, IdName, NamedText } from "@/ui/data/id-name.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Button, buttonStyle } from "@/ui/forms/button.tsx";
import { Notice } from "@/ui/notice.tsx";
import { exportedEntries } from "../limits.ts";
import { auditQuery } from "../queries.ts";
import type { AuditEntry, AuditFilter } from "../schema.ts";
import { auditSentence } from "./audit-words.ts";

const columnsFor = (names: Names): Columns<AuditEntry> => [
  {
    header: "When",
    accessorKey: "at",
    enableSorting: false,
    cell: ({ row }) => <RelativeTime at={row.original.at} className="whitespace-nowrap" />,
  },
  {
    header: "Person",
    id: "who",
    accessorFn: ({ actor }) => actor?.name ?? "",
    cell: ({ row: { original } }) =>
      original.actor === null ? (
        "The site"
      ) : (
        <IdName id={original.actor.id} names={names} type="person" />
      ),
  },
  {
    header: "Event",
    accessorKey: "action",
    cell: ({ row: { original } }) => (
      <>
        <Sentence entry={original} names={names} />
        <code className="block font-mono text-2xs text-ink-faint">{original.action}</code>
      </>
    ),
  },
  {
    header: "Details",
    id: "detail",
    enableSorting: false,
    cell: ({ row }) => <Detail detail={row.original.detail} names={names} />,
  },
];

function Sentence({ entry, names }: { entry: AuditEntry; names: Names }) {
  return (
    <span className="inline-block max-w-[46ch] min-w-[16rem]">
      {auditSentence(entry).map((part) => {
        if (typeof part === "string") return part;
        if ("id" in part) return <IdName key={part.id} id={part.id} names={names} />;
        return <ChannelName key={part.channel} name={part.channel} names={names} />;
      })}
      .
    </span>
  );
}

/** The audit log, newest entry first, each as a sentence. */
export function AuditList({ filter }: { filter: AuditFilter }) {
  const list = useInfiniteQuery(auditQuery(filter));
  const pages = list.data?.pages;
  const entries = pages?.flatMap((page) => page.rows) ?? [];
  const columns = useMemo(
    () => columnsFor(Object.assign({}, ...(pages ?? []).map((page) => page.names)) as Names),
    [pages],
  );
  const isFiltered = Object.keys(given(filter)).length > 0;
  const exported = (format: "csv" | "json") =>
    `/api/admin/audit/export?${new URLSearchParams({ ...given(filter), format })}`;
  return (
    <>
      <div className="mt-4 mb-3 flex flex-wrap items-center justify-end gap-2">
        <Button look="bare" size="sm" onClick={() => void list.refetch()}>
          {list.isFetching ? "Loading…" : "Refresh"}
        </Button>
        <a href={exported("csv")} download className={buttonStyle({ look: "quiet", size: "sm" })}>
          Export as CSV
        </a>
        <a href={exported("json")} download className={buttonStyle({ look: "quiet", size: "sm" })}>
          Export as JSON
        </a>
      </div>
      <p className="mb-3 text-right text-xs text-ink-faint">
        An exported file has at most {exportedEntries.toLocaleString("en")} entries, newest first. A
        file that was cut names the number to enter in “Before entry” for the next one.
      </p>
      {list.isError && <Notice className="mb-4">{list.error.message}</Notice>}
      {list.isPending && <SkeletonList label="Loading the audit log" />}
      {list.isSuccess && entries.length === 0 && (
        <EmptyState title={isFiltered ? "No entry matches this filter" : "No entries yet"}>
          {isFiltered
            ? "Change or clear the filter to see other entries."
            : "Changes made by admins and refused joins appear here."}
        </EmptyState>
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
            {list.isFetchingNextPage ? "Loading…" : "Earlier entries"}
          </Button>
        </p>
      )}
    </>
  );
}

/** The fields of a filter that are set. */
const given = (filter: AuditFilter) =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value)) as Record<string, string>;

function Detail({ detail, names }: Pick<AuditEntry, "detail"> & { names: Names }) {
  const parts = Object.entries(detail);
  if (parts.length === 0) return null;
  return (
    <dl className="font-mono text-2xs text-ink-soft">
      {parts.map(([name, value]) => (
        <div key={name} className="flex gap-2">
          <dt className="text-ink-faint">{name}</dt>
          <dd className="break-words">
            <NamedText
              text={typeof value === "string" ? value : JSON.stringify(value)}
              names={names}
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}
