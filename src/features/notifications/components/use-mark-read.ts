"use client";

import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { hold } from "querycast";
import type { Page } from "@/lib/page-cursor.ts";
import { unwrapAction } from "@/lib/unwrap-action.ts";
import { markAllReadAction, markReadAction } from "../actions.ts";
import { notificationKeys } from "../keys.ts";
import type { Notification } from "../schema.ts";

type List = InfiniteData<Page<Notification>>;

const { all: listsKey, unreadCount: countKey } = notificationKeys;

/**
 * Marking as read. List and count change at once; when it fails both are read again, which shows the
 * truth whatever else happened meanwhile.
 */
export function useMarkRead() {
  const queryClient = useQueryClient();

  const begin = async () => {
    const releases = [hold(queryClient, listsKey), hold(queryClient, countKey)];
    await Promise.all([
      queryClient.cancelQueries({ queryKey: listsKey }),
      queryClient.cancelQueries({ queryKey: countKey }),
    ]);
    return () => {
      for (const release of releases) release();
    };
  };
  const end = async (release: (() => void) | undefined) => {
    release?.();
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: listsKey }),
      queryClient.invalidateQueries({ queryKey: countKey }),
    ]);
  };
  const mark = (isMeant: (notification: Notification) => boolean) => {
    const readAt = new Date().toISOString();
    queryClient.setQueriesData<List>(
      { queryKey: listsKey },
      (list) =>
        list &&
        updateRows(list, (row) => (row.readAt === null && isMeant(row) ? { ...row, readAt } : row)),
    );
  };
  const setCount = (update: (unread: number) => number) =>
    queryClient.setQueryData<number>(countKey, (unread) => unread && update(unread));

  const markOne = useMutation({
    mutationFn: (notificationId: string) => unwrapAction(() => markReadAction({ notificationId })),
    onMutate: async (notificationId) => {
      const release = await begin();
      mark(({ id }) => id === notificationId);
      setCount((unread) => Math.max(0, unread - 1));
      return release;
    },
    onSettled: (_, __, ___, release) => void end(release),
  });
  const markAll = useMutation({
    mutationFn: () => unwrapAction(() => markAllReadAction()),
    onMutate: async () => {
      const release = await begin();
      mark(() => true);
      setCount(() => 0);
      return release;
    },
    onSettled: (_, __, ___, release) => void end(release),
  });
  return { markOne, markAll };
}

function updateRows(list: List, update: (row: Notification) => Notification): List {
  return {
    ...list,
    pages: list.pages.map((page) => ({ ...page, rows: page.rows.map(update) })),
  };
}
