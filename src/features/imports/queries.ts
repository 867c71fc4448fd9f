import { queryOptions } from "@tanstack/react-query";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { importKeys } from "./keys.ts";
import type { Import } from "./schema.ts";

/** While the job works. Messages of the channel are faster, and may be lost. */
const pollMs = 5_000;

export const importQuery = (importId: string) =>
  queryOptions({
    queryKey: importKeys.one(importId),
    queryFn: ({ signal }) => fetchJson<Import>(withParams("/api/imports", { importId }), signal),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.finishedAt == null ? pollMs : false),
  });
