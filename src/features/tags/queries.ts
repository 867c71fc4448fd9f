import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/http/fetch-json.ts";
import { tagKeys } from "./keys.ts";
import type { Tag } from "./schema.ts";

/** The most used tags. Not live, since they change slowly. */
export const topTagsQuery = () =>
  queryOptions({
    queryKey: tagKeys.top,
    queryFn: ({ signal }) => fetchJson<readonly Tag[]>("/api/tags", signal),
    staleTime: 5 * 60_000,
  });
