"use client";

import { useQuery } from "@tanstack/react-query";
import { useLinkStatus } from "next/link";
import { useEffect } from "react";
import { cn } from "@/lib/cn.ts";
import { count } from "@/lib/text/text.ts";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Bell } from "@/ui/icons.ts";
import { Link } from "@/ui/link.tsx";
import { unreadCountQuery } from "../queries.ts";

const mostShown = 99;

/** Link to the notifications, with the unread count, which the title of the document shows as well. */
export function NotificationBell({ userId }: { userId: string }) {
  const { data: unread = 0 } = useQuery(unreadCountQuery(userId));
  useEffect(() => window.showUnreadInTitle?.(unread), [unread]);
  return (
    <>
      <Link
        href="/notifications"
        className={cn(buttonStyle({ look: "bare", size: "icon" }), "relative")}
      >
        <BellIcon />
        <span className="sr-only">Notifications, {count(unread, "unread", "unread")}</span>
        {unread > 0 && (
          <span
            aria-hidden
            key={unread}
            data-testid="unread-count"
            className="absolute top-0.5 left-[55%] min-w-4.5 animate-appear rounded-full bg-accent px-1 text-center text-[0.6875rem] leading-4.5 font-bold text-paper"
          >
            {unread > mostShown ? `${mostShown}+` : unread}
          </span>
        )}
      </Link>
      <span role="status" className="sr-only">
        {unread > 0 && count(unread, "unread notification")}
      </span>
    </>
  );
}

/** Pulses while the linked page loads. */
function BellIcon() {
  const { pending } = useLinkStatus();
  return <Bell aria-hidden className={pending ? "animate-breathe" : undefined} />;
}
