"use client";

import { useQuery } from "@tanstack/react-query";
import { UnreadMessages } from "@/features/desk/components/unread-messages.tsx";
import { unreadCountsQuery } from "@/features/desk/queries.ts";
import { PublicationList } from "@/features/publications/components/publication-list.tsx";
import { publicationsQuery } from "@/features/publications/queries.ts";
import { watchedDesks } from "./watched-desks.ts";

/** The publications of a member, with the unread messages of their desks. */
export function OwnList({ viewerId }: { viewerId: string }) {
  const { data: list = [] } = useQuery(publicationsQuery("yours", viewerId));
  const { data: unread = {} } = useQuery(unreadCountsQuery(watchedDesks(list), viewerId));
  return (
    <PublicationList
      filter="yours"
      viewerId={viewerId}
      more={({ id, slug }) => (
        <UnreadMessages unread={unread[id] ?? 0} deskPath={`/publications/${slug}/desk`} />
      )}
    />
  );
}
