import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json.ts";
import { tagKeys } from "./keys.ts";
import type { Tag } from "./schema.ts";

/** The subjects most is written about. It changes too slowly for anybody to be told. */
export const topTagsQuery = () =>
  queryOptions({
    queryKey: tagKeys.top,
    queryFn: ({ signal }) => fetchJson<readonly Tag[]>("/api/tags", signal),
    staleTime: 5 * 60_000,
  });
