import { ids } from "querycast";
import { liveData } from "./live-data.ts";

/** The owner's lists receive signals of each gist; viewers of a gist receive those of that gist. */
export const gists = liveData({
  title: "Gists",
  phase: 4,
  on: {
    user: {
      "gist.created": ids("gistId"),
      "gist.updated": ids("gistId"),
      "gist.deleted": ids("gistId"),
    },
    resource: {
      "gist.updated": ids("gistId"),
    },
  },
});
