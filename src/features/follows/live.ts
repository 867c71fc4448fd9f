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
      // Published by triggers: the page that is followed has another title, or may no longer be read.
      .signal("follow.updated"),
  },
});
