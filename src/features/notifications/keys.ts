/** Which notifications a list shows. */
export type NotificationFilter = "all" | "unread";

/** Both lists share a prefix, so that one key invalidates both. */
export const notificationKeys = {
  all: ["my-notifications"] as const,
  list: (filter: NotificationFilter) =>
    filter === "all" ? notificationKeys.all : ([...notificationKeys.all, filter] as const),
  unreadCount: ["unread-notification-count"] as const,
};
