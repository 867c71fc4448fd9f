import { ids } from "querycast";
import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

export const sessions = liveRow({
  title: "Sessions",
  phase: 4,
  queries: ['["mySessions"]'],
  on: {
    user: kinds.user
      .signal("session.started", ids("sessionId"))
      .signal("session.revoked", ids("sessionId")),
  },
});
