import { ids } from "querycast";
import { liveData } from "./live-data.ts";

export const sessions = liveData({
  title: "Sessions",
  phase: 4,
  on: {
    user: {
      "session.started": ids("sessionId"),
      "session.revoked": ids("sessionId"),
    },
  },
});
