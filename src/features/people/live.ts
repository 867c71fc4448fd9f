import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

export const userCard = liveRow({
  title: "User card",
  phase: 4,
  queries: ['["user", userId]'],
  on: { profile: kinds.profile.signal("profile.updated") },
});
