import { queryOptions } from "@tanstack/react-query";
import type { HearingExplanation } from "@/features/context.ts";
import { fetchJson, withParams } from "@/lib/fetch-json.ts";
import { hearingKeys } from "./keys.ts";
import type { ExplainInput, Hearers } from "./schema.ts";

export const explanationQuery = (input: ExplainInput) =>
  queryOptions({
    queryKey: hearingKeys.explanation(input),
    queryFn: ({ signal }) =>
      fetchJson<HearingExplanation>(withParams("/api/admin/hearing", input), signal),
    staleTime: 0,
  });

export const hearersQuery = (channel: string) =>
  queryOptions({
    queryKey: hearingKeys.hearers(channel),
    queryFn: ({ signal }) =>
      fetchJson<Hearers>(withParams("/api/admin/hearing/hearers", { channel }), signal),
    staleTime: 0,
  });
