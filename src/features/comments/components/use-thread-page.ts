"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { commentsQuery } from "../queries.ts";
import type { CommentWindow, ResourceRef } from "../schema.ts";
import { focusComment } from "./use-linked-comment.ts";

const newest: CommentWindow = {};

/**
 * The open page of a thread. The first one is the newest. A link to a comment on another page opens that
 * page.
 */
export function useThreadPage(ref: ResourceRef, linkedId: string | null) {
  const [window, open] = useState(newest);
  const query = commentsQuery(ref, window);
  const { data: page, isError, refetch } = useQuery(query);
  const sought = useRef<string | null>(null);

  const isRead = page !== undefined;
  const isShown = page?.comments.some(({ id }) => id === linkedId) ?? false;
  const isOpened = isShown && window.around === linkedId;

  useEffect(() => {
    if (linkedId === null || !isRead || sought.current === linkedId) return;
    sought.current = linkedId;
    if (!isShown) open({ around: linkedId });
  }, [linkedId, isRead, isShown]);
  useEffect(() => {
    if (isOpened && linkedId !== null) focusComment(linkedId);
  }, [isOpened, linkedId]);

  return { window, open, showNewest: () => open(newest), query, page, isError, refetch };
}
