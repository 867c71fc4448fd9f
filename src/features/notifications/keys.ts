/** Which notifications a list shows. */
export type NotificationFilter = "all" | "unread";

/** Both lists start with one word, so that whatever names it reaches both. */
export const notificationKeys = {
  all: ["my-notifications"] as const,
  list: (filter: NotificationFilter) =>
    filter === "all" ? notificationKeys.all : ([...notificationKeys.all, filter] as const),
  unreadCount: ["unread-notification-count"] as const,
};
