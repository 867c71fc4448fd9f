import { dehydrate, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { NotificationList } from "@/features/notifications/components/notification-list.tsx";
import { countUnread } from "@/features/notifications/count-unread.ts";
import { listNotifications } from "@/features/notifications/list-notifications.ts";
import { notificationsQuery, unreadCountQuery } from "@/features/notifications/queries.ts";
import { listNotificationsInput } from "@/features/notifications/schema.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "../page-cursors.ts";
import { readParam, type SearchParams } from "../search-params.ts";
import { currentAccount } from "../viewer.ts";

export const metadata: Metadata = { title: "Notifications" };

export default async function NotificationsPage({ searchParams }: { searchParams: SearchParams }) {
  const account = await currentAccount();
  if (account === null) redirect("/sign-in?next=/notifications");
  const filter = (await readParam(searchParams, "filter")) === "unread" ? "unread" : "all";
  const queryClient = new QueryClient();
  await Promise.all([
    prefetchLive(
      queryClient,
      {
        ...notificationsQuery(account.id, filter),
        queryFn: () =>
          readAsViewer((ctx) => listNotifications(ctx, listNotificationsInput.parse({ filter }))),
      },
      { cursors: pageCursors() },
    ),
    prefetchLive(
      queryClient,
      { ...unreadCountQuery(account.id), queryFn: () => readAsViewer(countUnread) },
      { cursors: pageCursors() },
    ),
  ]);
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="mb-8 font-serif text-3xl font-medium tracking-tight">Notifications</h1>
      <LiveHydration state={dehydrate(queryClient)}>
        <NotificationList userId={account.id} filter={filter} />
      </LiveHydration>
    </div>
  );
}
