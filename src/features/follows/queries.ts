import { queryOptions } from "@tanstack/react-query";
import { live, on } from "querycast";
import { follows } from "@/channels/follows.ts";
import { channels } from "@/channels/index.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { followKeys } from "./keys.ts";
import type { FollowedThread } from "./schema.ts";

/** Whether the viewer follows the discussion of a page. */
export const followStatusQuery = (page: ResourceRef, userId: string) =>
  live(
    queryOptions({
      queryKey: followKeys.status(page),
      queryFn: ({ signal }) => fetchJson<boolean>(withParams("/api/follows/status", page), signal),
    }),
    [on(channels.user({ userId }), "follow.started", "follow.ended")],
  );

/** The discussions that the viewer follows, newest first. */
export const followsQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: followKeys.list,
      queryFn: ({ signal }) => fetchJson<readonly FollowedThread[]>("/api/follows", signal),
    }),
    [follows.all(channels.user({ userId }))],
  );
