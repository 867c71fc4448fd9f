import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { brokerApps } from "@/channels/broker-apps.ts";
import { channels } from "@/channels/index.ts";
import { fetchJson } from "@/lib/http/fetch-json.ts";
import { brokerKeys } from "./keys.ts";
import type { BrokerAppView } from "./schema.ts";

/** The apps at the broker, live. */
export const appsQuery = live(
  queryOptions({
    queryKey: brokerKeys.apps,
    queryFn: ({ signal }) => fetchJson<readonly BrokerAppView[]>("/api/admin/keys", signal),
  }),
  [brokerApps.all(channels.site({}))],
);
