import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { fetchJson, withParams } from "@/lib/fetch-json.ts";
import { commentKeys } from "./keys.ts";
import { comments } from "./live.ts";
import type { Comment, ResourceRef } from "./schema.ts";

/** The thread of an article or a gist: every comment, oldest first. */
export const commentsQuery = (ref: ResourceRef) =>
  live(
    queryOptions({
      queryKey: commentKeys.thread(ref),
      queryFn: ({ signal }) =>
        fetchJson<readonly Comment[]>(withParams("/api/comments", ref), signal),
    }),
    [comments.all(comments.channels.resource(ref))],
  );
