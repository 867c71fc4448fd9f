"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { commentsQuery } from "../queries.ts";
import type { CommentWindow, ResourceRef } from "../schema.ts";
import { focusComment } from "./use-linked-comment.ts";

const newest: CommentWindow = {};

/**
 * The page of a thread that is open. It starts as the newest one. A link to a comment that is not on the
 * open page opens the page that holds it.
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
