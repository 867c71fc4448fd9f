import { queryOptions } from "@tanstack/react-query";
import { live, on } from "querycast";
import { fetchJson, withParams } from "@/lib/fetch-json.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { bookmarkKeys } from "./keys.ts";
import { bookmarks } from "./live.ts";
import type { Bookmark } from "./schema.ts";

/** Whether the viewer bookmarked a page. */
export const bookmarkStatusQuery = (page: ResourceRef, userId: string) =>
  live(
    queryOptions({
      queryKey: bookmarkKeys.status(page),
      queryFn: ({ signal }) =>
        fetchJson<boolean>(withParams("/api/bookmarks/status", page), signal),
    }),
    [on(bookmarks.channels.user({ userId }), "bookmark.added", "bookmark.removed")],
  );

/** The viewer's bookmarks, newest first. */
export const bookmarksQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: bookmarkKeys.list,
      queryFn: ({ signal }) => fetchJson<readonly Bookmark[]>("/api/bookmarks", signal),
    }),
    [bookmarks.all(bookmarks.channels.user({ userId }))],
  );
