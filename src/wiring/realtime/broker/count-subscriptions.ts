import { fromWireName } from "querycast/server";
import { log } from "@/lib/logging/log.ts";
import { broker } from "./broker.ts";

/** Sums subscriptions per channel over all its wire names. */
export function byChannel(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const channels = new Map<string, number>();
  for (const [wireName, count] of counts) {
    const channel = fromWireName(wireName)?.channel;
    if (channel === undefined) continue; // a channel of the broker itself
    channels.set(channel, (channels.get(channel) ?? 0) + count);
  }
  return channels;
}

/** Subscriptions per channel, as the broker counts them. Null when the broker does not report them. */
export async function countSubscriptions(): Promise<ReadonlyMap<string, number> | null> {
  const counts = await broker()
    ?.countSubscriptions?.()
    .catch((error: unknown) => {
      log.warn("the broker does not report subscriptions", { error });
      return undefined;
    });
  return counts === undefined ? null : byChannel(counts);
}
