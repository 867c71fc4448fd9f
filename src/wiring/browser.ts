import type { ClientRollout, RealtimeClientOptions } from "querycast";
import { pusher } from "querycast/transports/pusher/client";
import { shared } from "querycast/transports/shared/client";
import { sse } from "querycast/transports/sse/client";
import type { PublicTransport } from "@/lib/env.ts";
import { pageViewerHeader } from "@/lib/page-viewer.ts";
import { channels } from "./inventory.ts";

/** What a page is rendered with: what was on for its viewer, and where changes are followed from. */
export type PageRollout = Pick<ClientRollout, "live" | "cursor">;

/**
 * How a browser hears of changes. For whoever is not signed in nothing is opened, and pages work by
 * fetching. All tabs of one viewer share one connection.
 */
export function realtimeConfig(
  transport: PublicTransport,
  viewerId: string | null,
  rollout: PageRollout | null,
): RealtimeClientOptions {
  if (transport.type === "pull" || viewerId === null || rollout === null)
    return { channels, transport: undefined };
  // Which app of the broker it is belongs to the connection: it may be another one by the next.
  const where = transport.type === "sse" ? "sse" : `${transport.host}:${transport.port}`;
  const key = `${viewerId} ${where}`;
  // The server refuses the live connection of this page when the cookie is another account's.
  const fetchForPage: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set(pageViewerHeader, viewerId);
    return fetch(input, { ...init, headers });
  };
  return {
    channels,
    fetch: fetchForPage,
    transport: shared(transport.type === "sse" ? sse({ fetch: fetchForPage }) : pusher(transport), {
      key,
    }),
    rollout: { ...rollout, control: channels.site({}) },
  };
}
