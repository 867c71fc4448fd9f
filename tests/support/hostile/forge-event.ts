import { signedRequest } from "../broker/signed-request.ts";
import type { SoketiConnection } from "../broker/soketi.ts";

interface ForgedEvent {
  readonly channel: string;
  readonly name: string;
  readonly data: string;
}

/** Publishes an event that no relay sends, as an attacker with the broker's secret could. */
export async function forgeEvent(soketi: SoketiConnection, event: ForgedEvent): Promise<void> {
  const response = await signedRequest(soketi, { path: "/events", body: event });
  if (!response.ok)
    throw new Error(`The broker refused the forged event: ${await response.text()}`);
}

/** Publishes up to ten forged events in one request. */
export async function forgeEvents(
  soketi: SoketiConnection,
  batch: readonly ForgedEvent[],
): Promise<void> {
  const response = await signedRequest(soketi, { path: "/batch_events", body: { batch } });
  if (!response.ok)
    throw new Error(`The broker refused the forged events: ${await response.text()}`);
}
