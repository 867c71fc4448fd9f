import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { firstPage, live, on } from "querycast";
import { channels } from "@/channels/index.ts";
import { notifications } from "@/channels/notifications.ts";
import { memberships } from "@/channels/publications.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import type { Page } from "@/lib/pages/page-cursor.ts";
import { type NotificationFilter, notificationKeys } from "./keys.ts";
import type { Notification } from "./schema.ts";

/**
 * One person's notifications, newest first, in pages. They show titles of submissions, which the end of a membership
 * hides.
 */
export const notificationsQuery = (userId: string, filter: NotificationFilter) =>
  live(
    infiniteQueryOptions({
      queryKey: notificationKeys.list(filter),
      queryFn: ({ pageParam, signal }) =>
        fetchJson<Page<Notification>>(
          withParams("/api/notifications", { filter, after: pageParam }),
          signal,
        ),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
    }),
    [notifications.all(channels.user({ userId })), memberships.all(channels.user({ userId }))],
    {
      // New ones are on the first page; read and deleted ones may be on any page.
      pages: firstPage({
        on: ["notification.created"],
        rows: (page) => page.rows,
        rowKey: (row) => row.id,
        withRows: (page, rows) => ({ ...page, rows }),
      }),
    },
  );

/** The number of unread notifications. */
export const unreadCountQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: notificationKeys.unreadCount,
      queryFn: ({ signal }) => fetchJson<number>("/api/notifications/unread-count", signal),
    }),
    [
      on(
        channels.user({ userId }),
        "notification.created",
        "notification.read",
        "notification.all-read",
        "notification.deleted",
      ),
    ],
    // Shown on every page of the site, and in the titles of hidden tabs.
    { priority: "high", hidden: "read" },
  );
