import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { moderationKeys } from "./keys.ts";
import type { ListPeopleInput, PeoplePage } from "./schema.ts";

const refetchMs = 5_000;

/** People, by polling: sessions have no signal for admins. */
export const peopleQuery = (input: ListPeopleInput) =>
  queryOptions({
    queryKey: moderationKeys.list(input),
    queryFn: ({ signal }) => fetchJson<PeoplePage>(withParams("/api/admin/people", input), signal),
    placeholderData: keepPreviousData,
    refetchInterval: refetchMs,
  });
