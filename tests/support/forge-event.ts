import { signedRequest } from "./signed-request.ts";
import type { SoketiConnection } from "./soketi.ts";

interface ForgedEvent {
  readonly channel: string;
  readonly name: string;
  readonly data: string;
}

/** Has the broker deliver what no relay would, as whoever stole its secret could. */
export async function forgeEvent(soketi: SoketiConnection, event: ForgedEvent): Promise<void> {
  const response = await signedRequest(soketi, { path: "/events", body: event });
  if (!response.ok) throw new Error(`The forgery was refused: ${await response.text()}`);
}

/** The same with up to ten events in one request. */
export async function forgeEvents(
  soketi: SoketiConnection,
  batch: readonly ForgedEvent[],
): Promise<void> {
  const response = await signedRequest(soketi, { path: "/batch_events", body: { batch } });
  if (!response.ok) throw new Error(`The forgeries were refused: ${await response.text()}`);
}
