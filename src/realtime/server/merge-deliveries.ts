import { mergeSignals } from "../protocol/merge-signals.ts";
import type { Delivery } from "./ports.ts";

/**
 * Unites the signals of one page by channel and name: a burst of writes to one channel becomes one
 * frame per kind of change. Channels keep their order, and so do the names within one.
 */
export function mergeDeliveries(deliveries: readonly Delivery[]): readonly Delivery[] {
  const byChannel = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const company = byChannel.get(delivery.channel);
    if (company === undefined) byChannel.set(delivery.channel, [delivery]);
    else company.push(delivery);
  }
  return [...byChannel].flatMap(([channel, group]) => {
    // All of one page were read in one statement, so one channel has one epoch.
    const accessEpoch = group[0]?.accessEpoch ?? 0;
    return mergeSignals(group.map(({ signal }) => signal)).map((signal) => ({
      channel,
      accessEpoch,
      signal,
    }));
  });
}
