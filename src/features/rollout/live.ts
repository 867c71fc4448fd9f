import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

export const rollout = liveRow({
  title: "Rollout",
  phase: 1,
  queries: ['["rollout-settings"]'],
  on: { site: kinds.site.signal("rollout.changed") },
});
