import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { fetchJson, withParams } from "@/lib/fetch-json.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { type ThreadView, wholeThread } from "@/lib/thread-view.ts";
import { reactionKeys } from "./keys.ts";
import { reactions } from "./live.ts";
import type { OwnReactions, PageReactions } from "./schema.ts";

/**
 * What everybody has given to a page and to the comments of one page of its thread: one read, and the same for
 * everybody. New comments have no reactions yet, so the read is made again for a comment only when an edge of
 * the page has moved.
 */
export const reactionsQuery = (page: ResourceRef, view: ThreadView = wholeThread) =>
  live(
    queryOptions({
      queryKey: reactionKeys.counts(page, view),
      queryFn: ({ signal }) =>
        fetchJson<PageReactions>(withParams("/api/reactions", { ...page, ...view.window }), signal),
    }),
    [reactions.all(reactions.channels.resource(page))],
  );

/** What the viewer has given there. Nobody has given nothing, and does not ask. */
export const ownReactionsQuery = (
  page: ResourceRef,
  userId: string | null,
  view: ThreadView = wholeThread,
) =>
  live(
    queryOptions({
      queryKey: reactionKeys.own(page, view),
      queryFn: ({ signal }) =>
        fetchJson<OwnReactions>(
          withParams("/api/reactions/own", { ...page, ...view.window }),
          signal,
        ),
      enabled: userId !== null,
    }),
    [userId !== null && reactions.all(reactions.channels.user({ userId }))],
  );
