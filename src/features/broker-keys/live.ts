import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

export const brokerApps = liveRow({
  title: "Broker keys",
  phase: 1,
  queries: ['["broker-apps"]'],
  on: { site: kinds.site.signal("keys.changed") },
});
