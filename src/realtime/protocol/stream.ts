/**
 * The transport without a broker: one answer that does not end, in the format of server-sent events. It
 * is opened by POST with all the channels it shall carry, and opened anew when there are more: no server
 * keeps anything for a stream that is not open, so that any process can serve the next one.
 */

/** The body of the request that opens a stream. */
export interface OpenRequest {
  readonly v: number;
  /** As the first stream of the connection was told; null for that first one. */
  readonly socketId: string | null;
  readonly channels: readonly { readonly wireName: string; readonly auth: string }[];
}

/** What a stream carries: the name of the event, and its data as JSON. */
export interface StreamFrames {
  /** Always the first. */
  readonly connected: { readonly v: number; readonly socketId: string };
  /** Wire names it carries from here on. */
  readonly subscribed: readonly string[];
  /** Wire names whose signatures are not, or no longer, good: join anew. */
  readonly refused: readonly string[];
  /** Wire name, signal name, data as of a Pusher event. */
  readonly signal: readonly [wireName: string, name: string, data: string];
  /** The stream ends as planned; another one may be opened at once. */
  readonly end: null;
}

export type StreamFrame = {
  [Event in keyof StreamFrames]: { readonly event: Event; readonly data: StreamFrames[Event] };
}[keyof StreamFrames];

/** Something is said at least this often, a comment if nothing else. */
export const heartbeatMs = 15_000;
/** After so much silence, two heartbeats and a little, a reader takes the stream for dead. */
export const silenceMs = 35_000;
/** How long a connection lives, over all streams that are opened for it. Then rights are decided anew. */
export const connectionLifeMs = 240_000;
