import { liveData, signalsOf } from "./live-data.ts";

export const comments = liveData({
  title: "Comments",
  phase: 2,
  on: {
    resource: signalsOf("comment", "commentId", "created", "updated", "deleted"),
  },
});
