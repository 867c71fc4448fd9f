import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { channels } from "@/channels/index.ts";
import { profiles } from "@/channels/people.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { personKeys } from "./keys.ts";
import type { Person } from "./schema.ts";

/** The public profile of a person; `null` when the account was deleted. */
export const personQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: personKeys.card(userId),
      queryFn: ({ signal }) =>
        fetchJson<Person | null>(withParams("/api/people", { userId }), signal),
    }),
    [profiles.all(channels.profile({ userId }))],
  );
