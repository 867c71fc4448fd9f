import type { ClientRollout, RealtimeClientOptions, Transport } from "querycast";
import { lazy } from "querycast/transports/lazy";
import { shared } from "querycast/transports/shared/client";
import { channels } from "@/channels/index.ts";
import type { PublicTransport } from "@/lib/env/broker.ts";
import { pageViewerHeader } from "@/lib/pages/page-viewer.ts";
import { reportRealtime } from "./report-realtime.ts";

/**
 * Rollout state that a page is rendered with: what is on for its viewer, and the cursor from which to
 * follow changes.
 */
export type PageRollout = Pick<ClientRollout, "live" | "cursor">;

/**
 * Configures the live connection of a browser. Signed-out viewers get none, and their pages work by
 * fetching. All tabs of one viewer share one connection.
 */
export function realtimeConfig(
  transport: PublicTransport,
  viewerId: string | null,
  rollout: PageRollout | null,
): RealtimeClientOptions {
  if (transport.type === "pull" || viewerId === null || rollout === null)
    return { channels, transport: undefined };
  // The broker app belongs to the connection: the next connection may use another one.
  const where =
    transport.type === "sse" ? "sse" : `${transport.host}:${transport.port}${transport.path ?? ""}`;
  const key = `${viewerId} ${where}`;
  // The server refuses requests of this page when the cookie belongs to another account.
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

/** Loads the code of the transport in use, after the page is interactive. */
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
    // Loaded in parallel: each is useless without the other.
    const loading = import("pusher-js");
    const { pusher } = await import("querycast/transports/pusher/client");
    return pusher({ ...transport, load: () => loading });
  });
}
