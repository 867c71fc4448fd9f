"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { markSeenAction } from "../actions.ts";
import { deskKeys } from "../keys.ts";
import { unreadQuery } from "../queries.ts";
import type { MarkSeenInput } from "../schema.ts";

/**
 * Marks the messages of a chat as seen while the page is visible.
 *
 * @param lastId the last message that is shown; undefined while none is
 */
export function useMarkSeen(publicationId: string, viewerId: string, lastId: string | undefined) {
  const { data: unread = 0 } = useQuery(unreadQuery(publicationId, viewerId));
  const isVisible = useSyncExternalStore(subscribeToVisibility, isPageVisible, () => false);
  const { mutate } = useMutation(
    liveMutation({
      mutationFn: (input: MarkSeenInput, { origin }) =>
        unwrapAction((stamp) => markSeenAction(stamp, input, origin)),
      optimistic: (_, show) => show<number>(deskKeys.unread(publicationId), () => 0),
    }),
  );
  // Each message is marked once, so that a failure is not repeated without end.
  const marked = useRef<string>(undefined);
  const hasUnread = unread > 0;
  useEffect(() => {
    if (!hasUnread || !isVisible || lastId === undefined || marked.current === lastId) return;
    marked.current = lastId;
    mutate({ publicationId, messageId: lastId });
  }, [hasUnread, isVisible, lastId, mutate, publicationId]);
}

const isPageVisible = () => document.visibilityState === "visible";

function subscribeToVisibility(onChange: () => void): () => void {
  document.addEventListener("visibilitychange", onChange);
  return () => document.removeEventListener("visibilitychange", onChange);
}
