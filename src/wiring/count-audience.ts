import { fromWireName } from "querycast/server";
import { log } from "@/lib/log.ts";
import { broker } from "./broker.ts";

/** Sockets on each channel, over all of its names on the wire. */
export function byChannel(audience: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const channels = new Map<string, number>();
  for (const [wireName, count] of audience) {
    const channel = fromWireName(wireName)?.channel;
    if (channel === undefined) continue; // one of the broker's own
    channels.set(channel, (channels.get(channel) ?? 0) + count);
  }
  return channels;
}

/** Sockets on each channel, as the broker counts them; null when it does not say. */
export async function countAudience(): Promise<ReadonlyMap<string, number> | null> {
  const audience = await broker()
    ?.audience?.()
    .catch((error: unknown) => {
      log.warn("the broker does not say who listens", { error });
      return undefined;
    });
  return audience === undefined ? null : byChannel(audience);
}
