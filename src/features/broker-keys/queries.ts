import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { fetchJson } from "@/lib/fetch-json.ts";
import { brokerKeys } from "./keys.ts";
import { brokerApps } from "./live.ts";
import type { BrokerAppView } from "./schema.ts";

/** The apps at the broker, live. */
export const appsQuery = live(
  queryOptions({
    queryKey: brokerKeys.apps,
    queryFn: ({ signal }) => fetchJson<readonly BrokerAppView[]>("/api/admin/keys", signal),
  }),
  [brokerApps.all(brokerApps.channels.site({}))],
);
