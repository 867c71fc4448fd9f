import { ids } from "querycast";
import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

export const bookmarks = liveRow({
  title: "Bookmarks",
  phase: 3,
  queries: ['["bookmark-status", id, type]', '["bookmarks"]'],
  on: {
    user: kinds.user
      .signal("bookmark.added", ids("resourceId"))
      .signal("bookmark.removed", ids("resourceId"))
      // Published by triggers when the page's title changes or the person loses access.
      .signal("bookmark.updated"),
  },
});
