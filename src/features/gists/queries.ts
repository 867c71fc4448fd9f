import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { gists } from "@/channels/gists.ts";
import { channels } from "@/channels/index.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import type { Page } from "@/lib/pages/page-cursor.ts";
import { gistKeys } from "./keys.ts";
import type { Gist, GistEntry } from "./schema.ts";

/** A gist with its files. */
export const gistQuery = (id: string) =>
  live(
    queryOptions({
      queryKey: gistKeys.gist(id),
      queryFn: ({ signal }) => fetchJson<Gist>(`/api/gists/${id}`, signal),
    }),
    [gists.all(channels.resource({ resourceType: "gist", resourceId: id }))],
  );

/** Gists, last changed first. The viewer's own list is live; the public list is fetched when opened. */
export const gistsQuery = (ownerId: string | null, from: string | null, viewerId: string | null) =>
  live(
    infiniteQueryOptions({
      queryKey: gistKeys.list(ownerId, from),
      queryFn: ({ pageParam, signal }) =>
        fetchJson<Page<GistEntry>>(withParams("/api/gists", { ownerId, after: pageParam }), signal),
      initialPageParam: from,
      getNextPageParam: (page) => page.nextCursor,
    }),
    [ownerId !== null && ownerId === viewerId && gists.all(channels.user({ userId: ownerId }))],
  );
