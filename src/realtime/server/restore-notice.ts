import { movedEvent } from "../protocol/moved.ts";
import { fromWireName } from "../protocol/wire-name.ts";
import type { Broker, Delivery } from "./ports.ts";

/**
 * Tells all who listen that the log became another one, by the notice of a channel that moved: join anew,
 * by today's rights, and ask what was missed. No cursor of before is known to this log, so the answer is a
 * gap. A broker that does not list its channels leaves it to their next signal, or their next catch-up.
 *
 * @throws what the broker failed with; telling twice is telling once.
 */
export async function tellRestored(broker: Broker, position: string): Promise<void> {
  const audience = await broker.audience?.();
  const notices = [...(audience?.keys() ?? [])].flatMap((wireName): Delivery[] => {
    const name = fromWireName(wireName);
    if (name === undefined) return [];
    const signal = {
      id: position.slice(0, 32),
      name: movedEvent,
      ids: undefined,
      origin: undefined,
    };
    return [{ ...name, signal }];
  });
  if (notices.length > 0) await broker.publish(notices);
}
