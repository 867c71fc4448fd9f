/** Where a stream's bytes go. */
export interface Sink {
  write(chunk: Uint8Array): void;
  /** Bytes that were written and that nobody has taken yet. */
  queuedBytes(): number;
  /** Ends the answer behind all that was written. */
  end(): void;
  /** Ends it without that. */
  drop(): void;
}

export interface Stream {
  readonly sink: Sink;
  /** What it carries. */
  readonly wireNames: readonly string[];
  lastWriteMs: number;
}

/** The open streams of a process, and which of them carry what. */
export interface Streams<Each extends Stream> extends Iterable<Each> {
  add(stream: Each): void;
  /** Idempotent. @returns whether it was there */
  remove(stream: Each): boolean;
  write(stream: Each, chunk: Uint8Array): void;
  /** To all that carry the wire name, together with whatever else is sent in this turn. */
  send(wireName: string, frame: string): void;
  size(): { readonly streams: number; readonly subscriptions: number };
  /** How many carry each wire name. */
  audience(): ReadonlyMap<string, number>;
}

export interface StreamsOptions<Each extends Stream> {
  readonly now: () => number;
  /** Its reader is behind by more than {@link longestQueueBytes}; it is to be dropped. */
  readonly onSlow: (stream: Each) => void;
}

/** What a reader misses is in the log. It is not kept in our memory, too, for as long as it takes. */
const longestQueueBytes = 64 * 1024;

/**
 * Sends frames to many streams. Those of one turn of the event loop are joined, serialised once for all
 * who listen, and written once to each: the writing is what costs.
 */
export function createStreams<Each extends Stream>(options: StreamsOptions<Each>): Streams<Each> {
  const { now, onSlow } = options;
  const all = new Set<Each>();
  const listeners = new Map<string, Set<Each>>();
  /** Of this turn, by wire name. */
  let waiting = new Map<string, string>();
  let subscriptions = 0;

  const write = (stream: Each, chunk: Uint8Array) => {
    if (stream.sink.queuedBytes() > longestQueueBytes) return onSlow(stream);
    stream.sink.write(chunk);
    stream.lastWriteMs = now();
  };

  const flush = () => {
    const chunks = [...waiting].map(([wireName, text]) => ({ wireName, chunk: Buffer.from(text) }));
    waiting = new Map();
    const [only] = chunks;
    if (only !== undefined && chunks.length === 1) {
      for (const stream of listeners.get(only.wireName) ?? []) write(stream, only.chunk);
      return;
    }
    const byStream = new Map<Each, Uint8Array[]>();
    for (const { wireName, chunk } of chunks) {
      for (const stream of listeners.get(wireName) ?? []) {
        const before = byStream.get(stream);
        if (before === undefined) byStream.set(stream, [chunk]);
        else before.push(chunk);
      }
    }
    for (const [stream, parts] of byStream) {
      const [first] = parts;
      write(stream, first !== undefined && parts.length === 1 ? first : Buffer.concat(parts));
    }
  };

  return {
    add: (stream) => {
      all.add(stream);
      subscriptions += stream.wireNames.length;
      for (const wireName of stream.wireNames) {
        const carriers = listeners.get(wireName);
        if (carriers === undefined) listeners.set(wireName, new Set([stream]));
        else carriers.add(stream);
      }
    },
    remove: (stream) => {
      if (!all.delete(stream)) return false;
      subscriptions -= stream.wireNames.length;
      for (const wireName of stream.wireNames) {
        const carriers = listeners.get(wireName);
        if (carriers?.delete(stream) && carriers.size === 0) listeners.delete(wireName);
      }
      return true;
    },
    write,
    send: (wireName, frame) => {
      if (!listeners.has(wireName)) return;
      // A microtask ends the turn: nobody waits for company that may not come.
      if (waiting.size === 0) queueMicrotask(flush);
      waiting.set(wireName, (waiting.get(wireName) ?? "") + frame);
    },
    size: () => ({ streams: all.size, subscriptions }),
    audience: () => new Map([...listeners].map(([wireName, { size }]) => [wireName, size])),
    [Symbol.iterator]: () => all.values(),
  };
}
