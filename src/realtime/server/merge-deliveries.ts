import { mergeSignals } from "../protocol/merge-signals.ts";
import type { Delivery } from "./ports.ts";

/**
 * Unites the signals of one page by wire name and signal: a burst of writes to one channel becomes one
 * frame per kind of change. Channels keep their order, and so do the names within one.
 */
export function mergeDeliveries(deliveries: readonly Delivery[]): readonly Delivery[] {
  const groups = new Map<string, [Delivery, ...Delivery[]]>();
  for (const delivery of deliveries) {
    const key = `${delivery.channel} ${delivery.accessEpoch}`;
    const company = groups.get(key);
    if (company === undefined) groups.set(key, [delivery]);
    else company.push(delivery);
  }
  return [...groups.values()].flatMap((group) => {
    const [{ channel, accessEpoch }] = group;
    return mergeSignals(group.map(({ signal }) => signal)).map((signal) => ({
      channel,
      accessEpoch,
      signal,
    }));
  });
}
