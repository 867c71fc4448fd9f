import { globalFetch } from "../../client/global-fetch.ts";
import type {
  Disconnection,
  Transport,
  TransportConnection,
  TransportHandlers,
} from "../../client/transport.ts";
import { type Clock, createTimers, systemClock } from "../../protocol/clock.ts";
import { messageEvent } from "../../protocol/ephemeral/message.ts";
import { channelsPerStream } from "../../protocol/limits.ts";
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
  /** Signatures of the subscribed channels by wire name. */
  const wanted = new Map<string, string>();
  /** Subscribed channels that no stream has acknowledged or refused yet. */
  const unanswered = new Set<string>();
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
    wanted.clear();
    stream?.abort();
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
    if (isOpening || isReopeningPlanned || unanswered.size === 0) return;
    isReopeningPlanned = true;
    timers.after(gatherMs, () => {
      isReopeningPlanned = false;
      if (unanswered.size > 0) open();
    });
  };

  const receive = (frame: StreamFrame) => {
    switch (frame.event) {
      case "connected":
        isOpening = false;
        for (const answered of pings.splice(0)) answered();
        if (socketId === null) {
          socketId = frame.data.socketId;
          handlers.connected(socketId);
        }
        return;
      case "subscribed":
        for (const wireName of frame.data) {
          unanswered.delete(wireName);
          if (wanted.has(wireName)) handlers.subscribed(wireName);
        }
        return planReopening();
      case "refused":
        for (const wireName of frame.data) {
          unanswered.delete(wireName);
          if (wanted.delete(wireName)) handlers.subscriptionFailed(wireName);
        }
        return planReopening();
      case "end":
        return fail({ reason: "ended", message: "The server ended the stream." });
      case "signal":
      case "upsert":
      case "message":
        if (wanted.has(frame.data[0])) deliver(frame, handlers);
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
      channels: [...wanted].map(([wireName, auth]) => ({ wireName, auth })),
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
      // Refused without a request: another stream would interrupt all channels that have a place.
      if (wanted.size >= channelsPerStream && !wanted.has(wireName)) {
        return handlers.subscriptionFailed(wireName);
      }
      wanted.set(wireName, auth);
      unanswered.add(wireName);
      planReopening();
    },
    unsubscribe: (wireName) => {
      wanted.delete(wireName);
      unanswered.delete(wireName);
    },
    signIn: () => {},
    // A client cannot send over a stream, so a new stream serves as the answer.
    ping: (answered) => {
      pings.push(answered);
      open();
    },
    close,
  };
}

type EventFrame = Extract<StreamFrame, { event: "signal" | "upsert" | "message" }>;

function deliver({ event, data }: EventFrame, handlers: TransportHandlers): void {
  if (event === "message") handlers.event(data[0], messageEvent, data[1]);
  // Two tuples, of three and of four values.
  else if (event === "signal") handlers.event(...data);
  else handlers.event(...data);
}

function lost(message: string): Disconnection {
  return { reason: "lost", message };
}
