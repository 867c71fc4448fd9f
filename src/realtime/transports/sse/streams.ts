import type { MessageQueue, QueuedMessage } from "./message-queue.ts";

/** The response body of a stream. */
export interface Sink {
  write(chunk: Uint8Array): void;
  /** Calls a function once, when the client has read everything that was written so far. */
  whenRead?(run: () => void): void;
  /** Bytes written that the client has not read yet. */
  queuedBytes(): number;
  /** Ends the body after everything that was written. */
  end(): void;
  /** Aborts the body and discards what was not read. */
  drop(): void;
}

export interface Stream {
  readonly sink: Sink;
  /** Subscribed wire names. */
  readonly wireNames: readonly string[];
  readonly messages: MessageQueue;
  /** Whether messages wait until the client has read. */
  isBehind: boolean;
  lastWriteMs: number;
}

/** The open streams of a process, indexed by wire name. */
export interface Streams<Each extends Stream> extends Iterable<Each> {
  add(stream: Each): void;
  /** Idempotent. @returns whether the stream was open */
  remove(stream: Each): boolean;
  write(stream: Each, chunk: Uint8Array): void;
  /** Sends a frame to all subscribers of the wire name, in one write with other frames of this turn. */
  send(wireName: string, frame: string): void;
  /** Sends a message to all subscribers of its wire name. A client that is behind gets it when it has read. */
  sendMessage(message: QueuedMessage): void;
  /** Whether a stream subscribes to the wire name. */
  isWanted(wireName: string): boolean;
  size(): { readonly streams: number; readonly subscriptions: number };
  /** Returns the number of subscribers of each wire name. */
  countSubscriptions(): ReadonlyMap<string, number>;
}

export interface StreamsOptions<Each extends Stream> {
  readonly now: () => number;
  /** Called for a stream whose client is behind by more than {@link longestQueueBytes}. */
  readonly onSlow: (stream: Each) => void;
}

/** Unread bytes of a stream from which on messages wait in its queue. They never have a stream dropped. */
const messageBacklogBytes = 8 * 1024;

/** Maximum of unread bytes per stream. A slow client catches up from the log instead of filling memory. */
const longestQueueBytes = 64 * 1024;

/**
 * Sends frames to many streams. The frames of one turn of the event loop are serialised once for all subscribers and
 * joined into one write per stream, since writes cost the most.
 */
export function createStreams<Each extends Stream>(options: StreamsOptions<Each>): Streams<Each> {
  const { now, onSlow } = options;
  const all = new Set<Each>();
  const listeners = new Map<string, Set<Each>>();
  /** Frames of this turn by wire name. */
  let waiting = new Map<string, string>();
  let subscriptions = 0;

  const write = (stream: Each, chunk: Uint8Array) => {
    if (stream.sink.queuedBytes() > longestQueueBytes) return onSlow(stream);
    stream.sink.write(chunk);
    stream.lastWriteMs = now();
  };

  const flushMessages = (stream: Each) => {
    while (!stream.messages.isEmpty() && stream.sink.queuedBytes() < messageBacklogBytes) {
      const message = stream.messages.take(now());
      if (message !== undefined) write(stream, message.chunk);
    }
    if (stream.isBehind || stream.messages.isEmpty()) return;
    stream.isBehind = true;
    stream.sink.whenRead?.(() => {
      stream.isBehind = false;
      // What waits for a stream that has ended is dropped with it.
      if (all.has(stream)) flushMessages(stream);
    });
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
      // A microtask runs at the end of the turn, without delaying the frame.
      if (waiting.size === 0) queueMicrotask(flush);
      waiting.set(wireName, (waiting.get(wireName) ?? "") + frame);
    },
    sendMessage: (message) => {
      for (const stream of listeners.get(message.wireName) ?? []) {
        stream.messages.add(message);
        flushMessages(stream);
      }
    },
    isWanted: (wireName) => listeners.has(wireName),
    size: () => ({ streams: all.size, subscriptions }),
    countSubscriptions: () =>
      new Map([...listeners].map(([wireName, { size }]) => [wireName, size])),
    [Symbol.iterator]: () => all.values(),
  };
}
