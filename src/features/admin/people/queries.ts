import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { moderationKeys } from "./keys.ts";
import type { ListMembersInput, MemberList } from "./schema.ts";

const refetchMs = 5_000;

/** People, by polling: sessions have no signal for admins. */
export const membersQuery = (input: ListMembersInput) =>
  queryOptions({
    queryKey: moderationKeys.list(input),
    queryFn: ({ signal }) => fetchJson<MemberList>(withParams("/api/admin/people", input), signal),
    placeholderData: keepPreviousData,
    refetchInterval: refetchMs,
  });
