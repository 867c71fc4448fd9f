"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Columns, DataTable } from "@/ui/data/data-table.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Link } from "@/ui/link.tsx";
import { peopleQuery } from "../queries.ts";
import type { ListPeopleInput, Person } from "../schema.ts";
import { PersonActions } from "./person-actions.tsx";
import { PersonRole } from "./person-role.tsx";

interface PeopleListProps {
  readonly input: ListPeopleInput;
  /** The admin, who cannot ban themselves. */
  readonly viewerId: string;
}

/** People with their sessions and bans. */
export function PeopleList({ input, viewerId }: PeopleListProps) {
  const { data, error, isPending, refetch } = useQuery(peopleQuery(input));
  const columns = useMemo(() => columnsFor(viewerId), [viewerId]);
  if (isPending) return <SkeletonList label="Loading people" />;
  return (
    <>
      {error && <ReadFailed onRetry={refetch}>{error.message}</ReadFailed>}
      {data && data.people.length === 0 && <EmptyState title="No person matches this filter" />}
      {data && data.people.length > 0 && (
        <DataTable caption="People" columns={columns} rows={data.people} idOf={({ id }) => id} />
      )}
      {data?.hasMore && (
        <p className="mt-4 text-sm text-ink-faint">There are more. Search to narrow them down.</p>
      )}
    </>
  );
}

const columnsFor = (viewerId: string): Columns<Person> => [
  {
    header: "Person",
    accessorKey: "name",
    cell: ({ row: { original } }) => (
      <>
        <span className="font-semibold">{original.name}</span>{" "}
        <Link href={`/people/${original.handle}`} className="text-link text-xs">
          @{original.handle}
        </Link>
      </>
    ),
  },
  {
    header: "Role",
    accessorKey: "role",
    cell: ({ row: { original } }) => (
      <PersonRole person={original} isViewer={original.id === viewerId} />
    ),
  },
  { header: "Sessions", accessorKey: "sessions" },
  {
    header: "Last seen",
    id: "seen",
    accessorFn: ({ lastSeenAt }) => lastSeenAt ?? "",
    cell: ({ row: { original } }) =>
      original.lastSeenAt === null ? "–" : <RelativeTime at={original.lastSeenAt} />,
  },
  {
    header: "Banned",
    id: "ban",
    accessorFn: ({ ban }) => ban?.since ?? "",
    cell: ({ row: { original } }) =>
      original.ban === null ? (
        "–"
      ) : (
        <span className="text-danger">
          <RelativeTime at={original.ban.since} />
          <span className="block max-w-[30ch] text-xs text-ink-soft">{original.ban.reason}</span>
        </span>
      ),
  },
  {
    header: "Actions",
    id: "actions",
    enableSorting: false,
    cell: ({ row: { original } }) =>
      original.id === viewerId ? (
        <span className="text-xs text-ink-faint">You</span>
      ) : (
        <PersonActions person={original} />
      ),
  },
];
