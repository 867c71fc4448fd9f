import { signedRequest } from "./signed-request.ts";
import type { SoketiConnection } from "./soketi.ts";

/** Has the broker deliver what no relay would, as whoever stole its secret could. */
export async function forgeEvent(
  soketi: SoketiConnection,
  event: { readonly channel: string; readonly name: string; readonly data: string },
): Promise<void> {
  const response = await signedRequest(soketi, { path: "/events", body: event });
  if (!response.ok) throw new Error(`The forgery was refused: ${await response.text()}`);
}
