import { ids } from "querycast";
import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

/** Of a page and of the comments on it: all on the channel of the page. */
export const reactions = liveRow({
  title: "Reactions",
  phase: 3,
  queries: ['["reaction", id, type]'],
  on: {
    resource: kinds.resource
      .signal("reaction.added", ids("reactableId"))
      .signal("reaction.removed", ids("reactableId")),
  },
});
