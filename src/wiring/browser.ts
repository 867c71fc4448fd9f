import type { RealtimeClientOptions } from "querycast";
import { pusher } from "querycast/transports/pusher/client";
import { channels } from "@/channels/channels.ts";
import type { PublicBroker } from "@/lib/env.ts";

/**
 * How a browser hears of changes. Without a broker, and for whoever is not signed in, nothing is
 * opened and pages work by fetching.
 */
export function realtimeConfig(broker: PublicBroker | null): RealtimeClientOptions {
  return { channels, transport: broker === null ? undefined : pusher(broker) };
}
