import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/http/fetch-json.ts";
import { announcementKeys } from "./keys.ts";
import type { Announcement } from "./schema.ts";

/** The announcement in force, or null. */
export const announcementQuery = queryOptions({
  queryKey: announcementKeys.current,
  queryFn: ({ signal }) => fetchJson<Announcement | null>("/api/announcement", signal),
});
