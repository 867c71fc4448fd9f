/** Every number both ends must agree on. The source of each stands beside it. */
export const limits = {
  /** Bytes of a full channel name. Pusher Channels allows 200; 164 leaves room for prefixes brokers add. */
  wireNameLength: 164,
  /** Characters of one channel parameter or one id in a signal. A UUID has 36. */
  idLength: 64,
  /** Digits of an access epoch: the largest Postgres `integer` has ten. */
  epochDigits: 10,
  /** UTF-8 bytes of one signal on the wire. Pusher allows 10,240; a signal says where to look, never what to see. */
  signalBytes: 1024,
  /** Channels in one join or catch-up request. */
  channelsPerRequest: 100,
  /** Bytes of one request body, measured before it is parsed. */
  requestBytes: 32 * 1024,
  /** Channels on one stream, of all tabs that share it. Those beyond it are refused. */
  channelsPerStream: 200,
  /** Bytes of the request that opens a stream: a wire name and a signature for each channel. */
  streamRequestBytes: 64 * 1024,
  /** Rows one channel replays before the answer is `gap`. */
  replaySignals: 500,
  /** Milliseconds a server may ask a crowd to spread over. Longer is not patience but silence. */
  spreadMs: 30_000,
  /** Milliseconds after which a relay that has not delivered everything does not count as working. */
  relaySilenceMs: 15_000,
  /** Events in one Pusher `batch_events` call: https://pusher.com/docs/channels/library_auth_reference/rest-api/ */
  eventsPerBatch: 10,
} as const;
