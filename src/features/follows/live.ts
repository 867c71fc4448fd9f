import { ids } from "querycast";
import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

export const follows = liveRow({
  title: "Followed threads",
  phase: 3,
  queries: ['["follow-status", id, type]', '["follows"]'],
  on: {
    user: kinds.user
      .signal("follow.started", ids("resourceId"))
      .signal("follow.ended", ids("resourceId"))
      // Published by triggers when the page's title changes or the person loses access.
      .signal("follow.updated"),
  },
});
