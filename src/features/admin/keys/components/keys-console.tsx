"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Columns, DataTable } from "@/ui/data/data-table.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { appsQuery } from "../queries.ts";
import type { AppStatus, BrokerAppView } from "../schema.ts";
import { AddAppForm } from "./add-app-form.tsx";
import { AppActions } from "./app-actions.tsx";

/** The apps at the broker with their states, and a form to add one. */
export function KeysConsole() {
  const { data, error, isPending, refetch } = useQuery(appsQuery);
  const currentId = data?.find(({ status }) => status === "current")?.id;
  const columns = useMemo(() => columnsFor(currentId), [currentId]);
  if (isPending) return <SkeletonList label="Loading keys" />;
  return (
    <>
      {error && <ReadFailed onRetry={refetch}>{error.message}</ReadFailed>}
      {data?.length === 0 && (
        <EmptyState title="This site has no broker">
          <p>Set the PUSHER variables of .env.example, then restart the site.</p>
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <>
          <DataTable caption="Apps at the broker" columns={columns} rows={data} idOf={idOf} />
          <section className="mt-12">
            <SectionTitle>Add app</SectionTitle>
            <AddAppForm />
          </section>
        </>
      )}
    </>
  );
}

const idOf = ({ id }: BrokerAppView) => id;

const words: Readonly<Record<AppStatus, string>> = {
  current: "Pages connect with its key",
  accepted: "Signals are published to it too",
  retired: "Not used",
};

const columnsFor = (currentId: string | undefined): Columns<BrokerAppView> => [
  {
    header: "App",
    accessorKey: "id",
    cell: ({ row: { original } }) => (
      <>
        <span className="font-mono text-xs font-semibold">{original.id}</span>
        {original.isStart && (
          <span className="block text-xs text-ink-faint">from the environment</span>
        )}
      </>
    ),
  },
  {
    header: "Public key",
    accessorKey: "key",
    cell: ({ row: { original } }) => <span className="font-mono text-xs">{original.key}</span>,
  },
  {
    header: "State",
    accessorKey: "status",
    cell: ({ row: { original } }) => (
      <>
        <span className="font-semibold capitalize">{original.status}</span>
        <span className="block text-xs text-ink-soft">{words[original.status]}</span>
      </>
    ),
  },
  {
    header: "Since",
    id: "since",
    accessorFn: ({ since }) => since ?? "",
    cell: ({ row: { original } }) =>
      original.since === null || Date.parse(original.since) === 0 ? (
        "site start"
      ) : (
        <RelativeTime at={original.since} />
      ),
  },
  {
    header: "Actions",
    id: "actions",
    enableSorting: false,
    cell: ({ row: { original } }) => <AppActions app={original} currentId={currentId} />,
  },
];
