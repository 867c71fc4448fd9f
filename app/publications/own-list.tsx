"use client";

import { UnreadMessages } from "@/features/desk/components/unread-messages.tsx";
import { PublicationList } from "@/features/publications/components/publication-list.tsx";

/** The publications of a member, with the unread messages of their desks. */
export function OwnList({ viewerId }: { viewerId: string }) {
  return (
    <PublicationList
      filter="yours"
      viewerId={viewerId}
      more={({ id, slug }) => (
        <UnreadMessages
          publicationId={id}
          viewerId={viewerId}
          deskPath={`/publications/${slug}/desk`}
        />
      )}
    />
  );
}
