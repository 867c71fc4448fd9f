import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { fetchJson, withParams } from "@/lib/fetch-json.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { reactionKeys } from "./keys.ts";
import { reactions } from "./live.ts";
import type { OwnReactions, PageReactions } from "./schema.ts";

/** What everybody has given, on a page and on all comments there: one read, and the same for everybody. */
export const reactionsQuery = (page: ResourceRef) =>
  live(
    queryOptions({
      queryKey: reactionKeys.counts(page),
      queryFn: ({ signal }) => fetchJson<PageReactions>(withParams("/api/reactions", page), signal),
    }),
    [reactions.all(reactions.channels.resource(page))],
  );

/** What the viewer has given there. Nobody has given nothing, and does not ask. */
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
