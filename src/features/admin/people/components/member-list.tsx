"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useMemo } from "react";
import { type Columns, DataTable } from "@/ui/data/data-table.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { membersQuery } from "../queries.ts";
import type { ListMembersInput, Member } from "../schema.ts";
import { MemberActions } from "./member-actions.tsx";
import { MemberRole } from "./member-role.tsx";

interface MemberListProps {
  readonly input: ListMembersInput;
  /** The admin, who cannot ban themselves. */
  readonly viewerId: string;
}

/** People with their sessions and bans. */
export function MemberList({ input, viewerId }: MemberListProps) {
  const { data, error, isPending, refetch } = useQuery(membersQuery(input));
  const columns = useMemo(() => columnsFor(viewerId), [viewerId]);
  if (isPending) return <SkeletonList label="Loading people" />;
  return (
    <>
      {error && <ReadFailed onRetry={refetch}>{error.message}</ReadFailed>}
      {data && data.members.length === 0 && <EmptyState title="No person matches this filter" />}
      {data && data.members.length > 0 && (
        <DataTable caption="People" columns={columns} rows={data.members} idOf={({ id }) => id} />
      )}
      {data?.hasMore && (
        <p className="mt-4 text-sm text-ink-faint">There are more. Search to narrow them down.</p>
      )}
    </>
  );
}

const columnsFor = (viewerId: string): Columns<Member> => [
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
      <MemberRole member={original} isViewer={original.id === viewerId} />
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
        <MemberActions member={original} />
      ),
  },
];
