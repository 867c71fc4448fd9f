"use client";

import { cn } from "@/lib/cn.ts";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Check } from "@/ui/icons.ts";
import { Link } from "@/ui/link.tsx";
import { Monogram } from "@/ui/monogram.tsx";
import type { Notification } from "../schema.ts";
import { deedOf, hrefOf } from "./sentence.ts";

interface NotificationRowProps {
  readonly notification: Notification;
  readonly onRead: () => void;
}

/** One notification. Its link and its button both mark it as read. */
export function NotificationRow({ notification, onRead }: NotificationRowProps) {
  const { actor, page, quote, createdAt } = notification;
  const isUnread = notification.readAt === null;
  const href = hrefOf(notification);
  return (
    <article
      className={cn(
        "relative grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-3 py-5 pl-4 sm:gap-x-4 sm:pl-5",
        isUnread &&
          "before:absolute before:top-8 before:left-0 before:size-2 before:rounded-full before:bg-accent",
      )}
    >
      <Monogram name={actor.name} className="mt-0.5 size-9 text-sm" />
      <div className="min-w-0">
        <p className={cn("text-sm", !isUnread && "text-ink-soft")}>
          {isUnread && <span className="sr-only">Unread: </span>}
          <Link href={`/people/${actor.handle}`} className="text-link font-semibold text-ink">
            {actor.name}
          </Link>{" "}
          {deedOf(notification)}{" "}
          {page === null || href === null ? (
            <span className="italic">a page that is no longer here</span>
          ) : (
            <Link
              href={href}
              onClick={() => isUnread && onRead()}
              className={cn("text-link font-serif text-base text-ink", isUnread && "font-semibold")}
            >
              {page.title}
            </Link>
          )}
        </p>
        {quote !== null && (
          <p className="mt-1.5 line-clamp-2 border-l border-rule pl-3 font-serif text-base text-ink-soft italic">
            {quote}
          </p>
        )}
        <p className="mt-1.5 text-xs text-ink-faint">
          <RelativeTime at={createdAt} />
        </p>
      </div>
      {isUnread && (
        <ActionButton
          look="bare"
          size="icon"
          className="-mr-2.5"
          onClick={onRead}
          title="Mark as read"
        >
          <Check aria-hidden />
          <span className="sr-only">Mark as read</span>
        </ActionButton>
      )}
    </article>
  );
}
