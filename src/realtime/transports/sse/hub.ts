import { AsyncResource } from "node:async_hooks";
import { randomInt } from "node:crypto";
import { limits } from "../../protocol/limits.ts";
import { encodeSignal } from "../../protocol/signal.ts";
import { connectionLifeMs, heartbeatMs, type OpenRequest } from "../../protocol/stream.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { toWireName } from "../../protocol/wire-name.ts";
import { systemClock } from "../../server/clock.ts";
import type { Broker, Clock } from "../../server/ports.ts";
import { RequestError } from "../../server/request-error.ts";
import type { Viewer } from "../../server/viewer.ts";
import { heartbeat, toFrame } from "./frame.ts";
import { createSignatures } from "./signature.ts";
import { createStreams, type Sink, type Stream } from "./streams.ts";

export interface SseHubOptions {
  /** Signs joins; the same in all processes. At least 32 characters. */
  readonly secret: string;
  /** Open at once; a tab that shares its stream with the others needs one. Default 20. */
  readonly streamsPerSession?: number;
  /** Hears of each stream that was dropped because its reader is more than 64 KB behind. Default: nobody. */
  readonly onDropped?: () => void;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Milliseconds since 1970, of about the same clock in all processes. Default `Date.now`. */
  readonly now?: () => number;
  /** 0 to 1: streams that were opened together do not end together. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * What a stream is opened with. `isValid`, `sink.end` and `sink.drop` run in the async context in which it
 * was opened, so that `AsyncLocalStorage`, and with it a framework's `cookies()`, is that of its own request.
 * `sink.write` runs in any context.
 */
export interface StreamOpening {
  readonly viewer: Viewer;
  readonly request: OpenRequest;
  readonly sink: Sink;
  /** Whether the session still is what it was; asked once a minute. Rejecting changes nothing. */
  readonly isValid: () => Promise<boolean>;
}

/**
 * Delivers to the streams of this process, without a broker. Every process that serves streams has a hub
 * and follows the log for it: `createRelay({ log: createFollowLog(…), broker: hub })`.
 */
export interface SseHub extends Broker {
  /**
   * Opens a stream and hands back what forgets it when its reader has gone. Idempotent.
   *
   * @throws {RequestError} `too_many_requests`, or `unavailable` after {@link SseHub.close}.
   */
  open(opening: StreamOpening): () => void;
  /** Tells everybody who listens on a wire name. {@link Broker.publish} is made of it. */
  send(wireName: string, name: string, data: string): void;
  /** What is open now. */
  size(): { readonly streams: number; readonly subscriptions: number };
  /** Ends all streams and opens no other: whoever reads one goes to another process. */
  close(): void;
}

interface OpenStream extends Stream {
  readonly viewer: Viewer;
  readonly isValid: () => Promise<boolean>;
  readonly endsAtMs: number;
  askAgainAtMs: number;
}

/** Between two looks at what is due. */
const sweepMs = 1_000;
/** A session that is over is heard of by then; what its person may no longer read has moved before. */
const askAgainMs = 60_000;
/** A session with too many streams has one less when one of them ends. */
const retryAfterS = 5;

/** @throws {TypeError} when the secret is too short. */
export function createSseHub(options: SseHubOptions): SseHub {
  const { secret, streamsPerSession = 20, clock = systemClock } = options;
  const { onDropped = () => {}, now = Date.now, random = Math.random } = options;
  if (secret.length < 32) {
    throw new TypeError(
      `The secret has ${secret.length} characters, at least 32 are needed. Make one with \`openssl rand -base64 32\`.`,
    );
  }
  const signatures = createSignatures(secret, now);
  const perSession = new Map<string, number>();
  let isClosed = false;
  let caughtUpAtMs: number | undefined;
  /** Without its follower a process falls silent, so that its readers open streams elsewhere. */
  const isFollowing = () =>
    caughtUpAtMs === undefined || clock.now() - caughtUpAtMs < limits.relaySilenceMs;
  let cancelSweep: (() => void) | undefined;

  const forget = (stream: OpenStream): boolean => {
    if (!streams.remove(stream)) return false;
    const session = sessionOf(stream.viewer);
    const others = (perSession.get(session) ?? 1) - 1;
    if (others === 0) perSession.delete(session);
    else perSession.set(session, others);
    if (streams.size().streams === 0) {
      cancelSweep?.();
      cancelSweep = undefined;
    }
    return true;
  };
  const streams = createStreams<OpenStream>({
    now: clock.now,
    onSlow: (stream) => {
      if (!forget(stream)) return;
      stream.sink.drop();
      onDropped();
    },
  });

  const end = (stream: OpenStream) => {
    if (!forget(stream)) return;
    stream.sink.write(Buffer.from(toFrame("end", null)));
    stream.sink.end();
  };

  const askAgain = (stream: OpenStream) => {
    stream.askAgainAtMs = clock.now() + askAgainMs;
    stream.isValid().then(
      (isValid) => isValid || end(stream),
      () => {}, // Nobody knows. Its rights are decided anew when its life is over, at the latest.
    );
  };

  // In the hub's context: the timer would carry that of the stream which started it to all others.
  const sweep = AsyncResource.bind(() => {
    cancelSweep = clock.after(sweepMs, sweep);
    const nowMs = clock.now();
    for (const stream of streams) {
      if (nowMs >= stream.endsAtMs) end(stream);
      else if (isFollowing() && nowMs - stream.lastWriteMs >= heartbeatMs)
        streams.write(stream, heartbeat);
      if (nowMs >= stream.askAgainAtMs) askAgain(stream);
    }
  });

  /** A connection is as old as the id of its first stream says; whoever forges one gains nothing. */
  const leftMs = (socketId: string) => {
    const ageMs = Math.max(0, now() - Number(socketId.split(".")[0]));
    return connectionLifeMs * (1 - random() / 10) - ageMs;
  };

  const hub: SseHub = {
    publish: async (deliveries) => {
      const frames = deliveries.map(({ channel, accessEpoch, signal }) => ({
        wireName: toWireName(channel, accessEpoch),
        name: signal.name,
        data: encodeSignal(signal),
      }));
      for (const { wireName, name, data } of frames) hub.send(wireName, name, data);
    },
    signJoin: async (socketId, wireName, viewer) => signatures.sign(socketId, wireName, viewer),
    // A stream belongs to the session that opened it: there is nothing to sign in to.
    signUser: async () => ({ auth: "", userData: "" }),
    terminate: async (userId) => {
      for (const stream of streams) if (stream.viewer.id === userId) end(stream);
    },
    audience: async () => streams.audience(),
    caughtUp: () => {
      caughtUpAtMs = clock.now();
    },
    relayAgeMs: async () => (caughtUpAtMs === undefined ? null : clock.now() - caughtUpAtMs),
    open: ({ viewer, request, sink, isValid }) => {
      if (isClosed) throw new RequestError("unavailable");
      const session = sessionOf(viewer);
      const others = perSession.get(session) ?? 0;
      if (others >= streamsPerSession) {
        throw new RequestError("too_many_requests", { retryAfterS });
      }
      const socketId = request.socketId ?? `${now()}.${randomInt(2 ** 47)}`;
      const good = new Set(
        request.channels
          .slice(0, limits.channelsPerStream)
          .filter(({ wireName, auth }) => signatures.verify(auth, socketId, wireName, viewer))
          .map(({ wireName }) => wireName),
      );
      const wireNames = [...good];
      const refused = request.channels.flatMap(({ wireName }) =>
        good.has(wireName) ? [] : wireName,
      );
      const nowMs = clock.now();
      const stream: OpenStream = {
        viewer,
        isValid: AsyncResource.bind(isValid),
        sink: inOwnContext(sink),
        wireNames,
        endsAtMs: nowMs + leftMs(socketId),
        askAgainAtMs: nowMs + askAgainMs,
        lastWriteMs: nowMs,
      };
      perSession.set(session, others + 1);
      streams.add(stream);
      cancelSweep ??= clock.after(sweepMs, sweep);
      const first = [
        toFrame("connected", { v: PROTOCOL_VERSION, socketId }),
        toFrame("subscribed", wireNames),
        refused.length > 0 ? toFrame("refused", refused) : "",
      ];
      streams.write(stream, Buffer.from(first.join("")));
      return () => void forget(stream);
    },
    send: (wireName, name, data) =>
      streams.send(wireName, toFrame("signal", [wireName, name, data])),
    size: streams.size,
    close: () => {
      isClosed = true;
      for (const stream of streams) end(stream);
    },
  };
  return hub;
}

/** Ends a stream in the async context it was opened in. Writing is per reader and signal, and stays direct. */
function inOwnContext(sink: Sink): Sink {
  return {
    write: (chunk) => sink.write(chunk),
    queuedBytes: () => sink.queuedBytes(),
    end: AsyncResource.bind(() => sink.end()),
    drop: AsyncResource.bind(() => sink.drop()),
  };
}

/** The key under which limits count. */
export function sessionOf({ id, sessionId }: Viewer): string {
  return sessionId ?? id;
}
