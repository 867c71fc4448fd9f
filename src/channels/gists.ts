import { liveData, signalsOf } from "./live-data.ts";

/** The owner's lists receive signals of each gist; viewers of a gist receive those of that gist. */
export const gists = liveData({
  title: "Gists",
  phase: 4,
  on: {
    user: signalsOf("gist", "gistId", "created", "updated", "deleted"),
    resource: signalsOf("gist", "gistId", "updated"),
  },
});
