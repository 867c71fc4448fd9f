"use client";

import { useQuery } from "@tanstack/react-query";
import { listedAtMost } from "@/lib/list-limits.ts";
import { count } from "@/lib/text/text.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { type Columns, DataTable } from "@/ui/data/data-table.tsx";
import { ChannelName } from "@/ui/data/id-name.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { CopyButton } from "@/ui/forms/copy-button.tsx";
import { Link } from "@/ui/link.tsx";
import { Notice } from "@/ui/notice.tsx";
import { subscribersQuery } from "../queries.ts";
import type { Subscriber } from "../schema.ts";

const columns: Columns<Subscriber> = [
  { header: "Person", accessorKey: "name" },
  {
    header: "Handle",
    accessorKey: "handle",
    cell: ({ row: { original } }) => (
      <>
        <Link href={`/people/${original.handle}`} title={original.id} className="text-link">
          @{original.handle}
        </Link>
        <CopyButton text={original.id} what={`the id of @${original.handle}`} />
      </>
    ),
  },
  {
    header: "Joined",
    accessorKey: "joinedAt",
    cell: ({ row }) => <RelativeTime at={row.original.joinedAt} />,
  },
];

/**
 * The people who joined a channel in the last 24 hours, and the current number of subscriptions at the
 * broker.
 */
export function SubscriberList({ channel }: { channel: string }) {
  const { data, error, isPending } = useQuery(subscribersQuery(channel));
  if (isPending) return <SkeletonList label="Loading the channel" />;
  if (data === undefined) return <Notice>{error?.message}</Notice>;
  return (
    <>
      <p className="mb-2 text-sm">
        <ChannelName name={channel} names={data.names} />
      </p>
      <p role="status" className="mb-4 text-sm text-ink-soft">
        {data.connected === null
          ? "The broker does not count subscriptions."
          : `${count(data.connected, "socket")} subscribed now${data.countsOneProcess ? " at this server process" : ""}.`}{" "}
        {data.people.length === 0
          ? "No person who joined in the last 24 hours is still on the channel."
          : "These people joined in the last 24 hours and have not left as far as known."}
      </p>
      {data.people.length > 0 && (
        <DataTable
          caption="People on the channel"
          columns={columns}
          rows={data.people}
          idOf={({ id }) => id}
        />
      )}
      <CutNote rows={data.people}>The {listedAtMost} people who joined last are shown.</CutNote>
    </>
  );
}
