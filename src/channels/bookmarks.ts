import { ids } from "querycast";
import { liveData } from "./live-data.ts";

export const bookmarks = liveData({
  title: "Bookmarks",
  phase: 3,
  on: {
    user: {
      "bookmark.added": ids("resourceId"),
      "bookmark.removed": ids("resourceId"),
      // Published by triggers when the page's title changes or the person loses access.
      "bookmark.updated": undefined,
    },
  },
});
