import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { fetchJson, withParams } from "@/lib/fetch-json.ts";
import { personKeys } from "./keys.ts";
import { userCard } from "./live.ts";
import type { Person } from "./schema.ts";

/** The public profile of a person; `null` when the account was deleted. */
export const personQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: personKeys.card(userId),
      queryFn: ({ signal }) =>
        fetchJson<Person | null>(withParams("/api/people", { userId }), signal),
    }),
    [userCard.all(userCard.channels.profile({ userId }))],
  );
