import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { comments } from "@/channels/comments.ts";
import { channels } from "@/channels/index.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { commentKeys } from "./keys.ts";
import type { CommentPage, CommentWindow, ResourceRef } from "./schema.ts";

/** A page of the thread of an article or a gist. One signal causes one refetch, on every page. */
export const commentsQuery = (ref: ResourceRef, window: CommentWindow = {}) =>
  live(
    queryOptions({
      queryKey: commentKeys.page(ref, window),
      queryFn: ({ signal }) =>
        fetchJson<CommentPage>(withParams("/api/comments", { ...ref, ...window }), signal),
    }),
    [comments.all(channels.resource(ref))],
  );
