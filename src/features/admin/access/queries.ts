import { queryOptions } from "@tanstack/react-query";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { hearingKeys } from "./keys.ts";
import type { Explained, ExplainInput, Hearers } from "./schema.ts";

export const explanationQuery = (input: ExplainInput) =>
  queryOptions({
    queryKey: hearingKeys.explanation(input),
    queryFn: ({ signal }) => fetchJson<Explained>(withParams("/api/admin/hearing", input), signal),
    staleTime: 0,
  });

export const hearersQuery = (channel: string) =>
  queryOptions({
    queryKey: hearingKeys.hearers(channel),
    queryFn: ({ signal }) =>
      fetchJson<Hearers>(withParams("/api/admin/hearing/hearers", { channel }), signal),
    staleTime: 0,
  });
