import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

export const account = liveRow({
  title: "Role",
  phase: 1,
  queries: ['["account"]'],
  on: { user: kinds.user.signal("role.changed") },
});
