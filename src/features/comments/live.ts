import { ids } from "querycast";
import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

export const comments = liveRow({
  title: "Comments",
  phase: 2,
  queries: ['["comments", id, type, page]'],
  on: {
    resource: kinds.resource
      .signal("comment.created", ids("commentId"))
      .signal("comment.updated", ids("commentId"))
      .signal("comment.deleted", ids("commentId")),
  },
});
