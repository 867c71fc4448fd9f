import type { ClientRollout, RealtimeClientOptions } from "querycast";
import { pusher } from "querycast/transports/pusher/client";
import { shared } from "querycast/transports/shared/client";
import type { PublicBroker } from "@/lib/env.ts";
import { channels } from "./inventory.ts";

/** What a page is rendered with: what was on for its viewer, and where changes are followed from. */
export type PageRollout = Pick<ClientRollout, "live" | "cursor">;

/**
 * How a browser hears of changes. Without a broker, and for whoever is not signed in, nothing is
 * opened and pages work by fetching. All tabs of one viewer share one connection.
 */
export function realtimeConfig(
  broker: PublicBroker | null,
  viewerId: string | null,
  rollout: PageRollout | null,
): RealtimeClientOptions {
  if (broker === null || viewerId === null || rollout === null)
    return { channels, transport: undefined };
  const key = `${viewerId} ${broker.host}:${broker.port} ${broker.key}`;
  return {
    channels,
    transport: shared(pusher(broker), { key }),
    rollout: { ...rollout, control: channels.site({}) },
  };
}
