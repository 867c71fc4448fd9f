import { ids } from "querycast";
import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

/**
 * Of a page and of the comments on it: all on the channel of the page. What a person themselves has
 * given is told on their own channel, so that a storm of others' reactions reads nothing of it again.
 */
export const reactions = liveRow({
  title: "Reactions",
  phase: 3,
  queries: ['["reaction", id, type, page]', '["my-reactions", id, type, page]'],
  on: {
    resource: kinds.resource
      .signal("reaction.added", ids("reactableId"))
      .signal("reaction.removed", ids("reactableId")),
    user: kinds.user.signal("reaction.given-or-taken", ids("reactableId")),
  },
});
