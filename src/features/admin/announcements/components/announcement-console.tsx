"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { type Columns, DataTable } from "@/ui/data/data-table.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { Notice } from "@/ui/notice.tsx";
import { withdrawAction } from "../actions.ts";
import { announcementsKeys } from "../keys.ts";
import { announcementsQuery } from "../queries.ts";
import type { AnnouncementRow } from "../schema.ts";
import { AnnounceForm } from "./announce-form.tsx";

/** A form to announce maintenance, and the last announcements. */
export function AnnouncementConsole() {
  const { data, error, isPending, refetch } = useQuery(announcementsQuery);
  const queryClient = useQueryClient();
  const withdraw = useMutation({
    mutationFn: (announcementId: string) =>
      unwrapAction((stamp) => withdrawAction(stamp, { announcementId })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: announcementsKeys.all }),
  });
  const { mutate, isPending: isBusy } = withdraw;
  const columns = useMemo(() => columnsFor(mutate, isBusy), [mutate, isBusy]);
  return (
    <>
      <AnnounceForm />
      <section className="mt-12">
        <SectionTitle>Announcements</SectionTitle>
        {withdraw.error && <Notice className="mt-4">{withdraw.error.message}</Notice>}
        {error && <ReadFailed onRetry={refetch}>{error.message}</ReadFailed>}
        {isPending && <SkeletonList label="Loading announcements" />}
        {data?.length === 0 && (
          <EmptyState title="No announcements yet">
            Announcements and their ends are listed here.
          </EmptyState>
        )}
        {data && data.length > 0 && (
          <DataTable caption="Announcements" columns={columns} rows={data} idOf={({ id }) => id} />
        )}
        <CutNote rows={data}>The newest {listedAtMost} announcements are shown.</CutNote>
      </section>
    </>
  );
}

const columnsFor = (
  withdraw: (announcementId: string) => void,
  isBusy: boolean,
): Columns<AnnouncementRow> => [
  {
    header: "Text",
    accessorKey: "text",
    cell: ({ row }) => (
      <span className="inline-block max-w-[52ch] min-w-[14rem] break-words">
        {row.original.text}
      </span>
    ),
  },
  { header: "State", accessorKey: "state", cell: ({ row }) => row.original.state },
  {
    header: "Made",
    accessorKey: "createdAt",
    cell: ({ row }) => <RelativeTime at={row.original.createdAt} className="whitespace-nowrap" />,
  },
  {
    header: "End",
    accessorKey: "endsAt",
    cell: ({ row }) => (
      <time dateTime={row.original.endsAt} className="whitespace-nowrap">
        {new Date(row.original.endsAt).toLocaleString("en", {
          dateStyle: "medium",
          timeStyle: "short",
        })}
      </time>
    ),
  },
  {
    header: "Actions",
    id: "actions",
    enableSorting: false,
    cell: ({ row: { original } }) =>
      original.state === "in force" && (
        <ActionButton
          look="quiet"
          size="sm"
          aria-disabled={isBusy}
          onClick={() => !isBusy && withdraw(original.id)}
        >
          Withdraw announcement
        </ActionButton>
      ),
  },
];
