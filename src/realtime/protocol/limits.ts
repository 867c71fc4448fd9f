// Limits that browsers use are constants of their own: a bundler cannot drop the other members of an object.

/** Characters of the spelling of a channel parameter or of an id in a signal. A UUID has 36. */
export const idLength = 64;
/** Channels in one join or catch-up request. */
export const channelsPerRequest = 100;
/** Bytes of a request body, measured before it is parsed. */
export const requestBytes = 32 * 1024;
/** Longest time, in ms, over which a server may ask clients to spread their requests. */
export const longestSpreadMs = 30_000;
/** Time in ms without complete delivery after which the relay counts as not working. */
export const relaySilenceMs = 15_000;
/** Channels on one stream, which all tabs may share. Further channels are refused. */
export const channelsPerStream = 200;
/** Digits of an access epoch: the largest Postgres `integer` has ten. */
export const epochDigits = 10;

/** Limits that server and client have to agree on. */
export const limits = {
  idLength,
  channelsPerRequest,
  requestBytes,
  spreadMs: longestSpreadMs,
  relaySilenceMs,
  epochDigits,
  channelsPerStream,
  /** Characters of a wire name. Pusher Channels allows 200; 164 leaves room for prefixes that brokers add. */
  wireNameLength: 164,
  /** UTF-8 bytes of the data of one frame. Pusher allows 10,240; a signal carries ids only and needs less. */
  signalBytes: 1024,
  /** UTF-8 bytes of the frame of one message of an ephemeral channel. A larger one is refused when it is sent. */
  messageBytes: 1024,
  /** Bytes of the request that opens a stream. It has a wire name and a signature for each channel. */
  streamRequestBytes: 64 * 1024,
  /** Signals that a catch-up replays on one channel. For more it answers `gap`. */
  replaySignals: 500,
  /** Events in one `batch_events` call: https://pusher.com/docs/channels/library_auth_reference/rest-api/ */
  eventsPerBatch: 10,
} as const;
