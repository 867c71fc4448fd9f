import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { channels } from "@/channels/index.ts";
import { rollout } from "@/channels/rollout.ts";
import { fetchJson } from "@/lib/http/fetch-json.ts";
import { rolloutKeys } from "./keys.ts";
import type { RolloutView } from "./schema.ts";

/** Settings are live. Subscription counts are polled. */
export const rolloutQuery = live(
  queryOptions({
    queryKey: rolloutKeys.settings,
    queryFn: ({ signal }) => fetchJson<RolloutView>("/api/admin/channels", signal),
    refetchInterval: 5_000,
  }),
  [rollout.all(channels.site({}))],
);
