import { globalFetch } from "../../client/global-fetch.ts";
import type {
  Disconnection,
  Transport,
  TransportConnection,
  TransportHandlers,
} from "../../client/transport.ts";
import { type Clock, createTimers, systemClock } from "../../protocol/clock.ts";
import { messageEvent } from "../../protocol/ephemeral/message.ts";
import { type StreamFrame, silenceMs } from "../../protocol/stream.ts";
import { readStream } from "./read-stream.ts";

/** Options of {@link sse}. */
export interface SseOptions {
  /** Path of the route of `createStreamHandler`. Default `/api/realtime/stream`. */
  readonly endpoint?: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Default: the system clock. */
  readonly clock?: Clock;
}

/** A frame about channels. */
type ChannelFrame = Exclude<StreamFrame, { event: "connected" | "end" }>;

/** How long new subscriptions are collected, since each change of the list opens a new stream. */
const gatherMs = 15;
/** Time limit for the first frame, which is sent at once unless a proxy buffers it. */
const firstFrameMs = 10_000;

/**
 * Creates a transport over a stream of the site itself, without a broker. It uses `fetch`, since an `EventSource`
 * cannot send a body and does not report the status of a refusal.
 *
 * Over HTTP/1.1 browsers allow six connections per host, and a stream uses one of them. Share it between tabs by
 * `shared(sse(), …)`, or serve HTTP/2.
 *
 * ```ts
 * const transport = shared(sse({ endpoint: "/api/realtime/stream" }), { key: viewer.id });
 * ```
 */
export function sse(options: SseOptions = {}): Transport {
  return {
    name: "sse",
    isViewerKnown: true,
    connect: (handlers) => connect(options, handlers),
  };
}

function connect(options: SseOptions, handlers: TransportHandlers): TransportConnection {
  const { endpoint = "/api/realtime/stream", fetch = globalFetch, clock = systemClock } = options;
  const timers = createTimers(clock);
  const subscriptions = createSubscriptions(handlers);
  const pings: (() => void)[] = [];
  let socketId: string | null = null;
  /** The current stream. Frames of earlier ones are ignored. */
  let stream: AbortController | undefined;
  let isOpening = false;
  let isOver = false;
  let cancelSilence = () => {};
  let isReopeningPlanned = false;

  const close = () => {
    isOver = true;
    timers.clear();
    subscriptions.clear();
    stream?.abort();
    stream = undefined;
  };
  const fail = (why: Disconnection) => {
    if (isOver) return;
    close();
    handlers.disconnected(why);
  };
  const expectFrame = (withinMs: number, message: string) => {
    cancelSilence();
    cancelSilence = timers.after(withinMs, () => fail(lost(message)));
  };

  /**
   * Opens another stream with all current subscriptions. Signals sent between the two streams are missed, so the new
   * stream acknowledges every channel again and the client catches up. An unsubscribe alone opens no stream: events of
   * the channel are dropped here.
   */
  const planReopening = () => {
    if (isOpening || isReopeningPlanned || !subscriptions.areUnanswered()) return;
    isReopeningPlanned = true;
    timers.after(gatherMs, () => {
      isReopeningPlanned = false;
      if (subscriptions.areUnanswered()) open();
    });
  };

  const receive = (frame: StreamFrame) => {
    if (frame.event === "end") {
      return fail({ reason: "ended", message: "The server ended the stream." });
    }
    if (frame.event !== "connected") {
      subscriptions.receive(frame);
      if (frame.event === "subscribed" || frame.event === "refused") planReopening();
      return;
    }
    isOpening = false;
    for (const answered of pings.splice(0)) answered();
    if (socketId === null) {
      socketId = frame.data.socketId;
      handlers.connected(socketId);
    }
  };

  const open = () => {
    stream?.abort();
    const opened = new AbortController();
    stream = opened;
    isOpening = true;
    expectFrame(
      firstFrameMs,
      `The stream sent nothing within ${firstFrameMs / 1000} s. Check whether a proxy buffers it.`,
    );
    const { signal } = opened;
    readStream({
      fetch,
      endpoint,
      socketId,
      channels: subscriptions.list(),
      signal,
      onFrame: receive,
      onChunk: () => {
        if (!isOpening) expectFrame(silenceMs, `The stream was silent for ${silenceMs / 1000} s.`);
      },
    }).then(
      (refusal) => {
        if (!signal.aborted) fail(refusal ?? lost("The stream was interrupted."));
      },
      (error: unknown) => {
        if (!signal.aborted) fail(lost(`The stream failed: ${error}`));
      },
    );
  };

  open();
  return {
    subscribe: (wireName, auth) => {
      subscriptions.add(wireName, auth);
      planReopening();
    },
    unsubscribe: subscriptions.remove,
    signIn: () => {},
    // A client cannot send over a stream, so a new stream serves as the answer.
    ping: (answered) => {
      pings.push(answered);
      open();
    },
    close,
  };
}

/** The subscribed channels of a connection. Passes on what a stream sends on them, and nothing of other channels. */
function createSubscriptions(handlers: TransportHandlers) {
  /** Signatures by wire name. */
  const wanted = new Map<string, string>();
  /** Those that no stream has acknowledged or refused yet. */
  const unanswered = new Set<string>();
  const deliver: TransportHandlers["event"] = (wireName, ...event) => {
    if (wanted.has(wireName)) handlers.event(wireName, ...event);
  };
  const remove = (wireName: string) => {
    unanswered.delete(wireName);
    return wanted.delete(wireName);
  };
  return {
    list: () => [...wanted].map(([wireName, auth]) => ({ wireName, auth })),
    areUnanswered: () => unanswered.size > 0,
    clear: () => wanted.clear(),
    add: (wireName: string, auth: string) => {
      wanted.set(wireName, auth);
      unanswered.add(wireName);
    },
    remove,
    receive: ({ event, data }: ChannelFrame) => {
      switch (event) {
        case "subscribed":
          for (const wireName of data) {
            unanswered.delete(wireName);
            if (wanted.has(wireName)) handlers.subscribed(wireName);
          }
          return;
        case "refused":
          for (const wireName of data) {
            if (remove(wireName)) handlers.subscriptionFailed(wireName);
          }
          return;
        case "message":
          return deliver(data[0], messageEvent, data[1]);
        case "signal":
          return deliver(...data);
        case "upsert":
          return deliver(...data);
      }
    },
  };
}

function lost(message: string): Disconnection {
  return { reason: "lost", message };
}
