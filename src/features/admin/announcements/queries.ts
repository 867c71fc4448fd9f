import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/http/fetch-json.ts";
import { announcementsKeys } from "./keys.ts";
import type { AnnouncementRow } from "./schema.ts";

/** The last announcements, by polling: another admin may have written or withdrawn one. */
export const announcementsQuery = queryOptions({
  queryKey: announcementsKeys.all,
  queryFn: ({ signal }) =>
    fetchJson<readonly AnnouncementRow[]>("/api/admin/announcements", signal),
  refetchInterval: 5_000,
});
