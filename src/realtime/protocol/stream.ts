/**
 * The wire format of the transport without a broker: a streaming response in the format of server-sent
 * events. A POST request opens it and lists all channels; for further channels the client opens a new
 * stream. Servers keep no state for a closed stream, so that any process can serve the next one.
 */

/** The body of the request that opens a stream. */
export interface OpenRequest {
  readonly v: number;
  /** From the `connected` event of the connection's first stream; null when opening that stream. */
  readonly socketId: string | null;
  readonly channels: readonly { readonly wireName: string; readonly auth: string }[];
}

/** The events of a stream by name, with their JSON data. */
export interface StreamFrames {
  /** Always the first event. */
  readonly connected: { readonly v: number; readonly socketId: string };
  /** Wire names whose signals the stream carries from here on. */
  readonly subscribed: readonly string[];
  /** Wire names whose signatures are not, or no longer, valid. The client joins them again. */
  readonly refused: readonly string[];
  /** `data` is that of a Pusher event. */
  readonly signal: readonly [wireName: string, name: string, data: string];
  /**
   * A signal of an entity with all of its rows. `data` is as above, or an empty text in the frames before the last one
   * when the rows need several.
   */
  readonly upsert: readonly [
    wireName: string,
    name: string,
    data: string,
    rows: readonly unknown[],
  ];
  /** A message of an ephemeral channel. */
  readonly message: readonly [wireName: string, data: string];
  /** The stream ends as planned. The client may open another one at once. */
  readonly end: null;
}

export type StreamFrame = {
  [Event in keyof StreamFrames]: { readonly event: Event; readonly data: StreamFrames[Event] };
}[keyof StreamFrames];

/** The server sends a comment if it has sent nothing else for this long. */
export const heartbeatMs = 15_000;
/** The client closes a stream that was silent for this long: two heartbeats and a margin. */
export const silenceMs = 35_000;
/** Longest life of a connection, over all of its streams. Afterwards the access rules run again. */
export const connectionLifeMs = 240_000;
