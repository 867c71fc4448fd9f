import type { ClientRollout, RealtimeClientOptions, Transport } from "querycast";
import { lazy } from "querycast/transports/lazy";
import { shared } from "querycast/transports/shared/client";
import type { PublicTransport } from "@/lib/env.ts";
import { pageViewerHeader } from "@/lib/page-viewer.ts";
import { channels } from "./inventory.ts";
import { reportRealtime } from "./report-realtime.ts";

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
  const where =
    transport.type === "sse" ? "sse" : `${transport.host}:${transport.port}${transport.path ?? ""}`;
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
    onReport: reportRealtime,
    transport: shared(load(transport, fetchForPage), { key }),
    rollout: { ...rollout, control: channels.site({}) },
  };
}

/** A page loads the code of the transport that it uses, after it is interactive, and of no other. */
function load(
  transport: Exclude<PublicTransport, { type: "pull" }>,
  fetchForPage: typeof fetch,
): Transport {
  if (transport.type === "sse") {
    return lazy({ name: "sse", isViewerKnown: true }, async () =>
      (await import("querycast/transports/sse/client")).sse({ fetch: fetchForPage }),
    );
  }
  const { type: name, key } = transport;
  if (name === "slim") {
    return lazy({ name, key }, async () =>
      (await import("querycast/transports/pusher/slim")).slim(transport),
    );
  }
  return lazy({ name, key }, async () => {
    // Both at once: one is of no use without the other.
    const loading = import("pusher-js");
    const { pusher } = await import("querycast/transports/pusher/client");
    return pusher({ ...transport, load: () => loading });
  });
}
