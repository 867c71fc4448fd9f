"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { LinkHint } from "@/ui/link-hint.tsx";
import { unreadQuery } from "../queries.ts";
import { unreadWords } from "./unread-words.ts";

interface UnreadMessagesProps {
  readonly publicationId: string;
  readonly viewerId: string;
  readonly deskPath: string;
}

/** Link to a desk with the number of its unread messages. Nothing without one. */
export function UnreadMessages({ publicationId, viewerId, deskPath }: UnreadMessagesProps) {
  const { data: unread = 0 } = useQuery(unreadQuery(publicationId, viewerId));
  if (unread === 0) return null;
  return (
    <Link href={deskPath} className="font-semibold text-link">
      {unreadWords(unread)} new {unread === 1 ? "message" : "messages"}
      <LinkHint />
    </Link>
  );
}
