import type { StreamFrames } from "../../protocol/stream.ts";

/**
 * One event as text. Both names are ours, and JSON has no line ends outside of its escapes: nothing in
 * the data can end a line and begin a field of its own.
 */
export function toFrame<Event extends keyof StreamFrames>(
  event: Event,
  data: StreamFrames[Event],
): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A comment, which readers skip. */
export const heartbeat: Uint8Array = Buffer.from(":\n\n");
