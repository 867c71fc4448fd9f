import { queryOptions } from "@tanstack/react-query";
import { live, on } from "querycast";
import { bookmarks } from "@/channels/bookmarks.ts";
import { channels } from "@/channels/index.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { bookmarkKeys } from "./keys.ts";
import type { Bookmark } from "./schema.ts";

/** Whether the viewer bookmarked a page. */
export const bookmarkStatusQuery = (page: ResourceRef, userId: string) =>
  live(
    queryOptions({
      queryKey: bookmarkKeys.status(page),
      queryFn: ({ signal }) =>
        fetchJson<boolean>(withParams("/api/bookmarks/status", page), signal),
    }),
    [on(channels.user({ userId }), "bookmark.added", "bookmark.removed")],
  );

/** The viewer's bookmarks, newest first. */
export const bookmarksQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: bookmarkKeys.list,
      queryFn: ({ signal }) => fetchJson<readonly Bookmark[]>("/api/bookmarks", signal),
    }),
    [bookmarks.all(channels.user({ userId }))],
  );
