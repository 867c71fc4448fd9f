import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { fetchJson } from "@/lib/fetch-json.ts";
import { sessionKeys } from "./keys.ts";
import { sessions } from "./live.ts";
import type { Session } from "./schema.ts";

/** The viewer's sessions. */
export const sessionsQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: sessionKeys.mine,
      queryFn: ({ signal }) => fetchJson<readonly Session[]>("/api/sessions", signal),
    }),
    [sessions.all(sessions.channels.user({ userId }))],
  );
