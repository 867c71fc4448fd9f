"use client";

import { type InfiniteData, useMutation } from "@tanstack/react-query";
import { liveMutation, type ShowChange } from "querycast";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import type { Page } from "@/lib/pages/page-cursor.ts";
import { markAllReadAction, markReadAction } from "../actions.ts";
import { notificationKeys } from "../keys.ts";
import type { MarkReadInput, Notification } from "../schema.ts";

type List = InfiniteData<Page<Notification>>;

/** Marks notifications as read, with optimistic updates of both lists and the count. */
export function useMarkRead() {
  const markOne = useMutation(
    liveMutation({
      mutationFn: (input: MarkReadInput, { origin }) =>
        unwrapAction((stamp) => markReadAction(stamp, input, origin)),
      optimistic: ({ notificationId }, show) => {
        showRead(show, ({ id }) => id === notificationId);
        show<number>(notificationKeys.unreadCount, (unread) => Math.max(0, unread - 1));
      },
    }),
  );
  const markAll = useMutation(
    liveMutation({
      mutationFn: (_, { origin }) => unwrapAction((stamp) => markAllReadAction(stamp, origin)),
      optimistic: (_, show) => {
        showRead(show, () => true);
        show<number>(notificationKeys.unreadCount, () => 0);
      },
    }),
  );
  return { markOne, markAll };
}

function showRead(show: ShowChange, isMeant: (notification: Notification) => boolean) {
  const readAt = new Date().toISOString();
  show<List>(notificationKeys.all, (list) =>
    updateRows(list, (row) => (row.readAt === null && isMeant(row) ? { ...row, readAt } : row)),
  );
}

function updateRows(list: List, update: (row: Notification) => Notification): List {
  return {
    ...list,
    pages: list.pages.map((page) => ({ ...page, rows: page.rows.map(update) })),
  };
}
