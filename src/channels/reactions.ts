import { ids } from "querycast";
import { liveData } from "./live-data.ts";

/**
 * Reactions to a page and its comments, all on the channel of the page. A person's own reactions are on
 * their own channel, so that many reactions of others do not refetch them.
 */
export const reactions = liveData({
  title: "Reactions",
  phase: 3,
  on: {
    resource: {
      "reaction.added": ids("reactableId"),
      "reaction.removed": ids("reactableId"),
    },
    user: {
      "reaction.given-or-taken": ids("reactableId"),
    },
  },
});
