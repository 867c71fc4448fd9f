import { type Clock, createTimers, systemClock } from "../../client/clock.ts";
import type {
  Disconnection,
  Transport,
  TransportConnection,
  TransportHandlers,
} from "../../client/transport.ts";
import { type OpenRequest, type StreamFrame, silenceMs } from "../../protocol/stream.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { createFrameReader } from "./read-frames.ts";

export interface SseOptions {
  /** Path of the stream, where `createStreamHandler` answers. Default `/api/realtime/stream`. */
  readonly endpoint?: string;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
}

/** How long subscriptions wait for company: a longer list is a new stream. */
const gatherMs = 15;
/** The first word of a stream comes at once, unless something on the way keeps it back. */
const firstWordMs = 10_000;

/**
 * Signals over a stream of the site itself, without a broker. It is read by `fetch`, since an
 * `EventSource` can neither say what it wants nor see why it is refused.
 *
 * Over HTTP/1.1 a browser keeps six connections to a host, and a stream is one of them: let tabs share
 * theirs (`shared(sse(), …)`), or serve HTTP/2.
 */
export function sse(options: SseOptions = {}): Transport {
  return {
    name: "sse",
    isViewerKnown: true,
    connect: (handlers) => connect(options, handlers),
  };
}

function connect(options: SseOptions, handlers: TransportHandlers): TransportConnection {
  const { endpoint = "/api/realtime/stream", clock = systemClock } = options;
  const fetch: typeof globalThis.fetch =
    options.fetch ?? ((...request) => globalThis.fetch(...request));
  const timers = createTimers(clock);
  /** Signatures of the channels that are wanted, by wire name. */
  const wanted = new Map<string, string>();
  /** Those of them for which no stream has answered yet. */
  const unanswered = new Set<string>();
  const pings: (() => void)[] = [];
  let socketId: string | null = null;
  /** The stream that is read; the one before it is not listened to any more. */
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
    stream = undefined;
  };
  const fail = (why: Disconnection) => {
    if (isOver) return;
    close();
    handlers.disconnected(why);
  };
  const lost = (message: string) => fail({ reason: "lost", message });
  const expectWord = (withinMs: number, message: string) => {
    cancelSilence();
    cancelSilence = timers.after(withinMs, () => lost(message));
  };

  /**
   * Another stream, with all that is wanted by now. What is said between the two is not heard: the second
   * answers for every channel, and the client catches up on those that were live. What is only left needs
   * none; its events are dropped here until there is one.
   */
  const planReopening = () => {
    if (isOpening || isReopeningPlanned || unanswered.size === 0) return;
    isReopeningPlanned = true;
    timers.after(gatherMs, () => {
      isReopeningPlanned = false;
      if (unanswered.size > 0) open();
    });
  };

  const hear = ({ event, data }: StreamFrame) => {
    switch (event) {
      case "connected":
        isOpening = false;
        for (const answered of pings.splice(0)) answered();
        if (socketId === null) {
          socketId = data.socketId;
          handlers.connected(socketId);
        }
        return;
      case "subscribed":
        for (const wireName of data) {
          unanswered.delete(wireName);
          if (wanted.has(wireName)) handlers.subscribed(wireName);
        }
        return planReopening();
      case "refused":
        for (const wireName of data) {
          unanswered.delete(wireName);
          if (wanted.delete(wireName)) handlers.subscriptionFailed(wireName);
        }
        return planReopening();
      case "signal": {
        const [wireName, name, text] = data;
        if (wanted.has(wireName)) handlers.event(wireName, name, text);
        return;
      }
      case "end":
        return fail({ reason: "ended", message: "The server ended the stream as planned." });
    }
  };

  const open = () => {
    stream?.abort();
    const opened = new AbortController();
    stream = opened;
    isOpening = true;
    expectWord(
      firstWordMs,
      `The stream said nothing within ${firstWordMs / 1000} s. Does a proxy on the way buffer it?`,
    );
    const isCurrent = () => stream === opened;
    read(opened.signal, isCurrent).then(
      () => isCurrent() && lost("The stream broke off."),
      (error: unknown) => isCurrent() && lost(`The stream failed: ${error}`),
    );
  };

  const read = async (signal: AbortSignal, isCurrent: () => boolean) => {
    const channels = [...wanted].map(([wireName, auth]) => ({ wireName, auth }));
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ v: PROTOCOL_VERSION, socketId, channels } satisfies OpenRequest),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "manual",
      signal,
    });
    if (!isCurrent()) return;
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (!response.ok || !isStream || response.body === null) return fail(await refusal(response));
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const take = createFrameReader((frame) => {
      if (isCurrent()) hear(frame);
    });
    while (isCurrent()) {
      const { done, value } = await reader.read();
      if (done) return;
      take(decoder.decode(value, { stream: true }));
      if (isCurrent() && !isOpening) {
        expectWord(silenceMs, `The stream was silent for ${silenceMs / 1000} s.`);
      }
    }
  };

  open();
  return {
    subscribe: (wireName, auth) => {
      wanted.set(wireName, auth);
      unanswered.add(wireName);
      planReopening();
    },
    unsubscribe: (wireName) => {
      wanted.delete(wireName);
      unanswered.delete(wireName);
    },
    signIn: () => {},
    // Nothing can be asked over a stream that is read: the next one answers, for all that is wanted.
    ping: (answered) => {
      pings.push(answered);
      open();
    },
    close,
  };
}

/** Only an answer of our protocol says that nobody is signed in. A login page or a firewall does not. */
async function refusal(response: Response): Promise<Disconnection> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => undefined);
  const code = isFields(body) && body.v === PROTOCOL_VERSION ? body.error : "not by the site";
  const message = `The stream was answered with ${status} (${code}).`;
  if (code === "unauthenticated") return { reason: "signed-out", message };
  return { reason: status < 500 ? "refused" : "lost", message };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
