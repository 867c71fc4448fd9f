import { ids } from "querycast";
import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

export const notifications = liveRow({
  title: "Notifications",
  phase: 1,
  queries: ['["my-notifications"]', '["unread-notification-count"]'],
  on: {
    user: kinds.user
      .signal("notification.created", ids("notificationId"))
      .signal("notification.read", ids("notificationId"))
      .signal("notification.all-read")
      // Published by triggers: notifications are deleted by cascade, and show texts of other rows.
      .signal("notification.deleted")
      .signal("notification.updated"),
  },
});
