import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { fetchJson, withParams } from "@/lib/fetch-json.ts";
import { moderationKeys } from "./keys.ts";
import type { ListMembersInput, MemberList } from "./schema.ts";

const refetchMs = 5_000;

/** People as they are now: sessions come and go without a signal to admins, so it asks. */
export const membersQuery = (input: ListMembersInput) =>
  queryOptions({
    queryKey: moderationKeys.list(input),
    queryFn: ({ signal }) => fetchJson<MemberList>(withParams("/api/admin/people", input), signal),
    placeholderData: keepPreviousData,
    refetchInterval: refetchMs,
  });
