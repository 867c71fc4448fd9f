import type { StreamFrames } from "../../protocol/stream.ts";

/**
 * Formats an event. Event names are fixed and JSON contains no line breaks, so the data cannot inject another field:
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function toFrame<Event extends keyof StreamFrames>(
  event: Event,
  data: StreamFrames[Event],
): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * Formats an `upsert` event.
 *
 * @param rows the JSON of each row.
 */
export function toUpsertFrame(
  wireName: string,
  name: string,
  data: string,
  rows: readonly string[],
): string {
  const head = JSON.stringify([wireName, name, data]).slice(0, -1);
  return `event: ${"upsert" satisfies keyof StreamFrames}\ndata: ${head},[${rows.join(",")}]]\n\n`;
}

/** A comment, which clients skip. */
export const heartbeat: Uint8Array = Buffer.from(":\n\n");
