import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { fetchJson, withParams } from "@/lib/fetch-json.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { reactionKeys } from "./keys.ts";
import { reactions } from "./live.ts";
import type { OwnReactions, PageReactions } from "./schema.ts";

/** Counts of reactions to a page and all its comments: one request, the same for every viewer. */
export const reactionsQuery = (page: ResourceRef) =>
  live(
    queryOptions({
      queryKey: reactionKeys.counts(page),
      queryFn: ({ signal }) => fetchJson<PageReactions>(withParams("/api/reactions", page), signal),
    }),
    [reactions.all(reactions.channels.resource(page))],
  );

/** The viewer's own reactions there. Disabled when signed out. */
export const ownReactionsQuery = (page: ResourceRef, userId: string | null) =>
  live(
    queryOptions({
      queryKey: reactionKeys.own(page),
      queryFn: ({ signal }) =>
        fetchJson<OwnReactions>(withParams("/api/reactions/own", page), signal),
      enabled: userId !== null,
    }),
    [userId !== null && reactions.all(reactions.channels.user({ userId }))],
  );
