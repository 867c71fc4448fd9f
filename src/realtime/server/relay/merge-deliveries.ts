import { mergeSignals } from "../../protocol/merge-signals.ts";
import type { Delivery } from "../ports.ts";

/**
 * Merges the signals of one page by wire name and signal name, so that a burst of writes to one channel becomes
 * one frame per signal name. Channels keep their order, as do the signal names of one channel.
 *
 * @param idsAtMost see `mergeSignals`.
 */
export function mergeDeliveries(
  deliveries: readonly Delivery[],
  idsAtMost?: number,
): readonly Delivery[] {
  const groups = new Map<string, [Delivery, ...Delivery[]]>();
  for (const delivery of deliveries) {
    const key = `${delivery.channel} ${delivery.accessEpoch}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [delivery]);
    else group.push(delivery);
  }
  return [...groups.values()].flatMap((group) => {
    const [{ channel, accessEpoch }] = group;
    return mergeSignals(
      group.map(({ signal }) => signal),
      idsAtMost,
    ).map((signal) => ({ channel, accessEpoch, signal }));
  });
}
