import { limits } from "../../protocol/limits.ts";
import type { Broker, Delivery } from "../ports.ts";
import { isRefusalOfContent } from "../refusal.ts";

/** A frame that the broker refuses for its content. */
export interface Refused {
  readonly frame: Delivery;
  readonly error: Error;
}

/**
 * Publishes every frame that the broker accepts, also beside frames that it refuses. Calls `accepted` after each
 * successful call to the broker.
 *
 * @returns the frames refused for their content. Any other failure rejects.
 */
export async function publishApart(
  broker: Broker,
  frames: readonly Delivery[],
  accepted: (frames: readonly Delivery[]) => void,
): Promise<readonly Refused[]> {
  const take = async (some: readonly Delivery[]): Promise<Error | undefined> => {
    try {
      await broker.publish(some);
      accepted(some);
      return undefined;
    } catch (error) {
      if (isRefusalOfContent(error)) return error;
      throw error;
    }
  };
  if (frames.length === 0 || (await take(frames)) === undefined) return [];
  const refused: Refused[] = [];
  for (let start = 0; start < frames.length; start += limits.eventsPerBatch) {
    // The broker accepts or refuses the events of one HTTP call as a whole.
    const batch = frames.slice(start, start + limits.eventsPerBatch);
    if (batch.length > 1 && (await take(batch)) === undefined) continue;
    for (const frame of batch) {
      const error = await take([frame]);
      if (error !== undefined) refused.push({ frame, error });
    }
  }
  return refused;
}
