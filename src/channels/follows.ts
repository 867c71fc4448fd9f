import { ids } from "querycast";
import { liveData } from "./live-data.ts";

export const follows = liveData({
  title: "Followed threads",
  phase: 3,
  on: {
    user: {
      "follow.started": ids("resourceId"),
      "follow.ended": ids("resourceId"),
      // Published by triggers when the page's title changes or the person loses access.
      "follow.updated": undefined,
    },
  },
});
