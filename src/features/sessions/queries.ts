import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { channels } from "@/channels/index.ts";
import { sessions } from "@/channels/sessions.ts";
import { fetchJson } from "@/lib/http/fetch-json.ts";
import { sessionKeys } from "./keys.ts";
import type { Session } from "./schema.ts";

/** The viewer's sessions. */
export const sessionsQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: sessionKeys.mine,
      queryFn: ({ signal }) => fetchJson<readonly Session[]>("/api/sessions", signal),
    }),
    [sessions.all(channels.user({ userId }))],
  );
