import { ids } from "querycast";
import { liveData } from "./live-data.ts";

export const comments = liveData({
  title: "Comments",
  phase: 2,
  on: {
    resource: {
      "comment.created": ids("commentId"),
      "comment.updated": ids("commentId"),
      "comment.deleted": ids("commentId"),
    },
  },
});
