import { ids } from "querycast";
import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

/** The owner's lists receive signals of each gist; viewers of a gist receive those of that gist. */
export const gists = liveRow({
  title: "Gists",
  phase: 4,
  queries: ['["gists", …]', '["gist", id]'],
  on: {
    user: kinds.user
      .signal("gist.created", ids("gistId"))
      .signal("gist.updated", ids("gistId"))
      .signal("gist.deleted", ids("gistId")),
    resource: kinds.resource.signal("gist.updated", ids("gistId")),
  },
});
