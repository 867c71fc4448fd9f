"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useLiveState } from "querycast/react";
import { cn } from "@/lib/cn.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { LastRead } from "@/ui/data/last-read.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import { Notice } from "@/ui/notice.tsx";
import type { NotificationFilter } from "../keys.ts";
import { notificationsQuery, unreadCountQuery } from "../queries.ts";
import { NotificationRow } from "./notification-row.tsx";
import { useMarkRead } from "./use-mark-read.ts";

interface NotificationListProps {
  readonly userId: string;
  readonly filter: NotificationFilter;
}

/** The viewer's notifications, live, in pages. */
export function NotificationList({ userId, filter }: NotificationListProps) {
  const query = notificationsQuery(userId, filter);
  const list = useInfiniteQuery(query);
  const { lastReadAtMs } = useLiveState(query);
  const { data: unread = 0 } = useQuery(unreadCountQuery(userId));
  const { markOne, markAll } = useMarkRead();
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const failure = markOne.error ?? markAll.error;

  return (
    <>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2 border-t-2 border-ink pt-2.5 text-sm">
        <FilterLink filter="all" current={filter}>
          All
        </FilterLink>
        <FilterLink filter="unread" current={filter}>
          Unread <span className="text-xs text-accent">{unread > 0 && unread}</span>
        </FilterLink>
        <LastRead atMs={lastReadAtMs} className="max-sm:order-last max-sm:basis-full sm:ml-auto" />
        <ActionButton
          look="quiet"
          size="sm"
          className="max-sm:ml-auto"
          disabled={unread === 0}
          onClick={() => markAll.mutate()}
        >
          Mark all as read
        </ActionButton>
      </div>
      {failure && <Notice className="mt-4">{failure.message}</Notice>}
      {list.isError && (
        <ReadFailed onRetry={list.refetch}>Your notifications could not be loaded.</ReadFailed>
      )}
      {list.isPending && <SkeletonList label="Loading your notifications" />}
      {list.isSuccess && rows.length === 0 && <Nothing filter={filter} />}
      <ol className="divide-y divide-rule">
        {rows.map((notification) => (
          <li key={notification.id}>
            <NotificationRow
              notification={notification}
              onRead={() => markOne.mutate({ notificationId: notification.id })}
            />
          </li>
        ))}
      </ol>
      {list.hasNextPage && (
        <div className="border-t border-rule pt-6">
          <Button
            look="quiet"
            aria-disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? "Loading…" : "Older notifications"}
          </Button>
        </div>
      )}
    </>
  );
}

interface FilterLinkProps {
  readonly filter: NotificationFilter;
  readonly current: NotificationFilter;
  readonly children: React.ReactNode;
}

function FilterLink({ filter, current, children }: FilterLinkProps) {
  const isCurrent = filter === current;
  return (
    <Link
      href={filter === "all" ? "/notifications" : "/notifications?filter=unread"}
      aria-current={isCurrent ? "page" : undefined}
      className={cn(
        "py-1",
        isCurrent
          ? "font-semibold underline decoration-accent decoration-2 underline-offset-6"
          : "text-link",
      )}
    >
      {children}
      <LinkHint />
    </Link>
  );
}

function Nothing({ filter }: { filter: NotificationFilter }) {
  if (filter === "unread") {
    return <EmptyState title="All caught up">You have no unread notifications.</EmptyState>;
  }
  return (
    <EmptyState title="No notifications yet">
      You get a notification for comments on your pages, for replies to your comments, and for tasks
      and invitations of publications.
    </EmptyState>
  );
}
