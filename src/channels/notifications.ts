import { ids } from "querycast";
import { liveData } from "./live-data.ts";

export const notifications = liveData({
  title: "Notifications",
  phase: 1,
  on: {
    user: {
      "notification.created": ids("notificationId"),
      "notification.read": ids("notificationId"),
      "notification.all-read": undefined,
      // Published by triggers: notifications are deleted by cascade, and show texts of other rows.
      "notification.deleted": undefined,
      "notification.updated": undefined,
    },
  },
});
