import { movedEvent } from "../protocol/moved.ts";
import { fromWireName } from "../protocol/wire-name.ts";
import { witness } from "./page-publisher.ts";
import type { Broker, Delivery } from "./ports.ts";

/** A broker may be late once. One that takes signals and does not list its channels now never will. */
const questions = 3;

/**
 * Tells all who listen that the log became another one, by the notice of a channel that moved: join anew,
 * by today's rights, and ask what was missed. No cursor of before is known to this log, so the answer is a
 * gap. Telling twice is telling once.
 *
 * @returns false when the broker does not say who listens: they find out by the next signal on their
 * channel, or by their next catch-up
 * @throws what the broker failed with, when it takes nothing either
 */
export async function tellRestored(broker: Broker, position: string): Promise<boolean> {
  const wireNames = await listenedTo(broker);
  if (wireNames === undefined) return false;
  await tellMoved(broker, wireNames, position.slice(0, 32));
  return true;
}

/** Has all who listen on these names join anew. */
export async function tellMoved(
  broker: Pick<Broker, "publish">,
  wireNames: readonly string[],
  id: string,
): Promise<void> {
  const signal = { id, name: movedEvent, ids: undefined, origin: undefined };
  const notices = wireNames.flatMap((wireName): Delivery[] => {
    const name = fromWireName(wireName);
    return name === undefined ? [] : [{ ...name, signal }];
  });
  if (notices.length > 0) await broker.publish(notices);
}

async function listenedTo(broker: Broker): Promise<readonly string[] | undefined> {
  for (let asked = 0; broker.audience !== undefined && asked < questions; asked += 1) {
    const audience = await broker.audience().catch(() => undefined);
    if (audience !== undefined) return [...audience.keys()];
    await broker.publish([witness]);
  }
  return undefined;
}
