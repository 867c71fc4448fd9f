"use client";

import { useQuery } from "@tanstack/react-query";
import { count } from "@/lib/text.ts";
import { type Columns, DataTable } from "@/ui/data-table.tsx";
import { Notice } from "@/ui/notice.tsx";
import { RelativeTime } from "@/ui/relative-time.tsx";
import { SkeletonList } from "@/ui/skeleton.tsx";
import { hearersQuery } from "../queries.ts";
import type { Hearer } from "../schema.ts";

const columns: Columns<Hearer> = [
  { header: "Person", accessorKey: "name" },
  {
    header: "Handle",
    accessorKey: "handle",
    cell: ({ row }) => `@${row.original.handle}`,
  },
  {
    header: "Let in",
    accessorKey: "joinedAt",
    cell: ({ row }) => <RelativeTime at={row.original.joinedAt} />,
  },
];

/** Who was let into a channel lately, and how many sockets the broker counts on it now. */
export function HearerList({ channel }: { channel: string }) {
  const { data, error, isPending } = useQuery(hearersQuery(channel));
  if (isPending) return <SkeletonList label="The channel is being looked at" />;
  if (data === undefined) return <Notice>{error?.message}</Notice>;
  return (
    <>
      <p role="status" className="mb-4 text-sm text-ink-soft">
        {data.connected === null
          ? "The broker does not say how many listen."
          : `${count(data.connected, "socket")} listening at this moment.`}{" "}
        {data.people.length === 0
          ? "Nobody who was let in within a day may still be there."
          : "Let in within a day, and not known to have left."}
      </p>
      {data.people.length > 0 && (
        <DataTable
          caption="People let into the channel"
          columns={columns}
          rows={data.people}
          idOf={({ id }) => id}
        />
      )}
    </>
  );
}
