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
      // Published by triggers: it goes with what it was about, by cascade, and shows words of theirs.
      .signal("notification.deleted")
      .signal("notification.updated"),
  },
});
