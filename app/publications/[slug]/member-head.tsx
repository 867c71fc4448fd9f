"use client";

import { useQuery } from "@tanstack/react-query";
import { unreadWords } from "@/features/desk/components/unread-words.ts";
import { unreadQuery } from "@/features/desk/queries.ts";
import { PublicationHead } from "@/features/publications/components/publication-head.tsx";

interface MemberHeadProps {
  readonly publicationId: string;
  readonly viewerId: string;
}

/** The head of a publication for a member, with the number of unread messages of its desk. */
export function MemberHead({ publicationId, viewerId }: MemberHeadProps) {
  const { data: unread = 0 } = useQuery(unreadQuery(publicationId, viewerId));
  return (
    <PublicationHead
      publicationId={publicationId}
      viewerId={viewerId}
      isMember
      deskMark={unread === 0 ? undefined : `(${unreadWords(unread)})`}
    />
  );
}
