import { queryOptions } from "@tanstack/react-query";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { accessKeys } from "./keys.ts";
import type { Explained, ExplainInput, Subscribers } from "./schema.ts";

export const explanationQuery = (input: ExplainInput) =>
  queryOptions({
    queryKey: accessKeys.explanation(input),
    queryFn: ({ signal }) => fetchJson<Explained>(withParams("/api/admin/access", input), signal),
    staleTime: 0,
  });

export const subscribersQuery = (channel: string) =>
  queryOptions({
    queryKey: accessKeys.subscribers(channel),
    queryFn: ({ signal }) =>
      fetchJson<Subscribers>(withParams("/api/admin/access/subscribers", { channel }), signal),
    staleTime: 0,
  });
