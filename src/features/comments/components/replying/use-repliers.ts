"use client";

import { useMessages } from "querycast/react";
import { useEffect, useState } from "react";
import { channels } from "@/channels/index.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { type Replier, withMessage, withoutExpired } from "./repliers.ts";

/** The other people who are writing a comment on a page now. None for signed-out viewers. */
export function useRepliers(page: ResourceRef, viewerId: string | null): readonly Replier[] {
  const [repliers, setRepliers] = useState<readonly Replier[]>([]);
  useMessages(viewerId !== null && channels.replying(page), (message) => {
    if (message.fields.userId === viewerId) return; // another tab of the viewer
    setRepliers((before) => withMessage(before, message, Date.now()));
  });
  useEffect(() => {
    if (repliers.length === 0) return;
    const nextMs = Math.min(...repliers.map(({ untilMs }) => untilMs)) - Date.now();
    const timer = setTimeout(
      () => setRepliers((before) => withoutExpired(before, Date.now())),
      Math.max(0, nextMs),
    );
    return () => clearTimeout(timer);
  }, [repliers]);
  return repliers;
}
