"use client";

import { useQuery } from "@tanstack/react-query";
import type { MessageOf } from "querycast";
import { useLatestMessage } from "querycast/react";
import { useEffect, useRef, useState } from "react";
import { channels } from "@/channels/index.ts";
import { announcementQuery } from "../queries.ts";
import type { Announcement } from "../schema.ts";

/** Pages that get the same message read at different times. */
const spreadMs = 5_000;
/** The longest delay of a timer. */
const longestMs = 2 ** 31 - 1;

/**
 * The announcement to show. The read decides. A message with other news is shown until the page has read again, which
 * it also does when the last message has expired without being repeated. Without a live connection it reads when the
 * viewer returns to the page.
 */
export function useAnnouncement(): Announcement | null {
  const { refetch, data: read = null } = useQuery(announcementQuery);
  const message = useLatestMessage(channels.announcement({}));
  const [confirmed, setConfirmed] = useState<string>();
  const told = message === undefined ? read : afterMessage(read, message);
  const isNews = told?.id !== read?.id;
  const hadMessage = useRef(false);

  useEffect(() => {
    const isExpired = message === undefined && hadMessage.current;
    hadMessage.current = message !== undefined;
    if (!isNews && !isExpired) return;
    const timer = setTimeout(async () => {
      if ((await refetch()).isSuccess) setConfirmed(message?.id);
    }, Math.random() * spreadMs);
    return () => clearTimeout(timer);
  }, [message, isNews, refetch]);

  const shown = message !== undefined && confirmed !== message.id ? told : read;
  return useUntilEnd(shown);
}

type AnnouncementMessage = MessageOf<
  NonNullable<ReturnType<typeof channels.announcement>["~messages"]>
>;

function afterMessage(
  read: Announcement | null,
  { type, fields, sentAtMs }: AnnouncementMessage,
): Announcement | null {
  const id = fields.announcementId;
  if (type === "maintenance.withdrawn") return read?.id === id ? null : read;
  return { id, text: fields.text, leftMs: fields.endsAtMs - sentAtMs };
}

/** The announcement until its end, counted from when it arrived. */
function useUntilEnd(shown: Announcement | null): Announcement | null {
  const [endedId, setEndedId] = useState<string>();
  const { id, leftMs } = shown ?? {};
  useEffect(() => {
    if (id === undefined || leftMs === undefined) return;
    const timer = setTimeout(() => setEndedId(id), Math.min(leftMs, longestMs));
    return () => clearTimeout(timer);
  }, [id, leftMs]);
  return id === endedId ? null : shown;
}
