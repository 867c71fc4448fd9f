import { ids } from "querycast";
import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

/**
 * Reactions to a page and its comments, all on the channel of the page. A person's own reactions are on
 * their own channel, so that many reactions of others do not refetch them.
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
