import { log } from "@/lib/log.ts";
import { broker } from "./broker.ts";

/** Sockets on each channel, under whatever name, as the broker counts them; null when it does not say. */
export async function countAudience(): Promise<ReadonlyMap<string, number> | null> {
  const wireNames = await broker()
    ?.audience?.()
    .catch((error: unknown) => {
      log.warn("the broker does not say who listens", { error });
      return undefined;
    });
  if (wireNames === undefined) return null;
  const channels = new Map<string, number>();
  for (const [wireName, count] of wireNames) {
    const channel = wireName.replace(/^private-/, "").replace(/\.e\d+$/, "");
    channels.set(channel, (channels.get(channel) ?? 0) + count);
  }
  return channels;
}
