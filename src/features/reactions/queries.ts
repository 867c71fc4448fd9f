import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { channels } from "@/channels/index.ts";
import { reactions } from "@/channels/reactions.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { type ThreadView, wholeThread } from "@/lib/thread-view.ts";
import { reactionKeys } from "./keys.ts";
import type { OwnReactions, PageReactions } from "./schema.ts";

/**
 * Counts of reactions to a page and to the comments of one page of its thread: one request, the same for every
 * viewer. A new comment has no reactions, so it causes a request only when it moves an edge of the thread's page.
 */
export const reactionsQuery = (page: ResourceRef, view: ThreadView = wholeThread) =>
  live(
    queryOptions({
      queryKey: reactionKeys.counts(page, view),
      queryFn: ({ signal }) =>
        fetchJson<PageReactions>(withParams("/api/reactions", { ...page, ...view.window }), signal),
    }),
    [reactions.all(channels.resource(page))],
  );

/** The viewer's own reactions there. Disabled when signed out. */
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
    [userId !== null && reactions.all(channels.user({ userId }))],
  );
