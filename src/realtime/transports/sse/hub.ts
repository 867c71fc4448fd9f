import { AsyncResource } from "node:async_hooks";
import { randomInt } from "node:crypto";
import { type Clock, monotonicClock } from "../../protocol/clock.ts";
import { limits } from "../../protocol/limits.ts";
import { encodeSignal } from "../../protocol/signal.ts";
import { connectionLifeMs as defaultLifeMs, type OpenRequest } from "../../protocol/stream.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { fromWireName, toWireName } from "../../protocol/wire-name.ts";
import type { EntityReads } from "../../server/entities/entity-reads.ts";
import { observer } from "../../server/observer.ts";
import type { Broker } from "../../server/ports.ts";
import { RequestError } from "../../server/route/request-error.ts";
import type { Viewer } from "../../server/viewer.ts";
import { toFrame } from "./frame.ts";
import { createOpenStreams } from "./open-streams.ts";
import { createSignatures } from "./signature.ts";
import type { Sink } from "./streams.ts";
import { createUpserts, upsertsPerSignal } from "./upserts.ts";

/** Options of {@link createSseHub}. */
export interface SseHubOptions {
  /** Signs joins. At least 32 characters, the same in all processes. */
  readonly secret: string;
  /** Maximum number of open streams per session. Tabs that share a stream count once. Default 20. */
  readonly streamsPerSession?: number;
  /**
   * Longest life of a connection in ms, over all of its streams; then the access rules run again. Less than the time
   * limit of a request on the host. Default 240,000.
   */
  readonly connectionLifeMs?: number;
  /** How to read the entities of the contract. Default: none, and entities are signals like others. */
  readonly entities?: EntityReads;
  /** Receives the errors of reading entities; viewers then read by themselves. Default: ignored. */
  readonly onError?: (error: unknown) => void;
  /** Called for each stream that was dropped because its client is more than 64 KB behind. Default: not called. */
  readonly onDropped?: () => void;
  /** Default: the system clock. */
  readonly clock?: Clock;
  /** Returns milliseconds since 1970, roughly synchronised between processes. Default `Date.now`. */
  readonly now?: () => number;
  /** Returns 0 to 1, for the jitter of stream durations. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Arguments of {@link SseHub.open}. `isValid`, `sink.end` and `sink.drop` run in the async context of `open`, so that
 * `AsyncLocalStorage`, and with it a framework's `cookies()`, belongs to the stream's own request. `sink.write` runs
 * in any context.
 */
export interface StreamOpening {
  readonly viewer: Viewer;
  readonly request: OpenRequest;
  readonly sink: Sink;
  /** Whether the session is still valid. Called once a minute; the stream ends on false and stays open on an error. */
  readonly isValid: () => Promise<boolean>;
}

/**
 * Delivers signals to the streams of this process, without a broker. Every process that serves streams needs a hub, and
 * a relay that follows the log for it: see `createStreamFollower`.
 */
export interface SseHub extends Broker {
  /**
   * Opens a stream.
   *
   * @returns a function that removes the stream when its client has disconnected. Idempotent.
   * @throws {RequestError} `too_many_requests`, or `unavailable` after {@link SseHub.close}.
   */
  open(opening: StreamOpening): () => void;
  /** Sends an event to the streams subscribed to a wire name. {@link Broker.publish} calls it per frame. */
  send(wireName: string, name: string, data: string): void;
  /** Whether rows of entities are sent under the wire name. */
  hasEntities(wireName: string): boolean;
  /** Records that the log is not followed because no stream is open. `createStreamFollower` calls it. */
  rest(): void;
  /** Returns the current number of streams and subscriptions. */
  size(): { readonly streams: number; readonly subscriptions: number };
  /** Ends all streams and refuses new ones, so that clients reconnect to another process. */
  close(): void;
}

/** `Retry-After` for a session with too many streams. */
const retryAfterS = 5;

/**
 * Creates the hub of this process. Pass it as `broker` to `createRealtimeHandler` and `createRelay`, and as `hub` to
 * `createStreamHandler`.
 *
 * @throws {TypeError} when the secret has fewer than 32 characters.
 */
export function createSseHub(options: SseHubOptions): SseHub {
  const { secret, streamsPerSession = 20, clock = monotonicClock } = options;
  const { connectionLifeMs = defaultLifeMs } = options;
  const onError = observer(options.onError);
  const onDropped = observer(options.onDropped);
  const { entities, now = Date.now, random = Math.random } = options;
  if (secret.length < 32) {
    throw new TypeError(
      `The secret has ${secret.length} characters, at least 32 are needed. Make one with \`openssl rand -base64 32\`.`,
    );
  }
  const signatures = createSignatures(secret, now);
  let isClosed = false;
  let caughtUpAtMs: number | undefined;
  let isResting = false;
  /** A process that no longer follows the log sends no heartbeats, so that its clients reconnect to another one. */
  const isFollowing = () =>
    caughtUpAtMs === undefined || clock.now() - caughtUpAtMs < limits.relaySilenceMs;
  const streams = createOpenStreams({ clock, isFollowing, onDropped });
  const upserts =
    entities &&
    createUpserts({ entities, clock, isWanted: streams.isWanted, send: streams.send, onError });

  /** The socket id contains the time of the connection's first stream. Forging an id gains no access. */
  const leftMs = (socketId: string) => {
    const ageMs = Math.max(0, now() - Number(socketId.split(".")[0]));
    return connectionLifeMs * (1 - random() / 10) - ageMs;
  };

  const hub: SseHub = {
    isHub: true,
    publish: async (deliveries) => {
      for (const delivery of deliveries) {
        const { channel, accessEpoch, signal } = delivery;
        const wireName = toWireName(channel, accessEpoch);
        if (upserts?.take(wireName, delivery)) continue;
        hub.send(wireName, signal.name, encodeSignal(signal));
      }
    },
    ...(upserts && { idsPerSignal: upsertsPerSignal }),
    sendMessage: async ({ channel, accessEpoch, data, leftMs, options: kind }) => {
      const wireName = toWireName(channel, accessEpoch);
      streams.sendMessage({
        wireName,
        chunk: Buffer.from(toFrame("message", [wireName, data])),
        expiresAtMs: clock.now() + leftMs,
        options: kind,
      });
    },
    signJoin: async (socketId, wireName, viewer) => signatures.sign(socketId, wireName, viewer),
    // A stream belongs to the session that opened it, so no sign-in is needed.
    signUser: async () => ({ auth: "", userData: "" }),
    terminate: async (userId) => streams.end(({ viewer }) => viewer.id === userId),
    countSubscriptions: async () => streams.countSubscriptions(),
    caughtUp: () => {
      caughtUpAtMs = clock.now();
      isResting = false;
    },
    rest: () => {
      caughtUpAtMs = undefined;
      isResting = true;
    },
    relayAgeMs: async () => {
      // Without a stream, nothing is late.
      if (isResting) return 0;
      return caughtUpAtMs === undefined ? null : clock.now() - caughtUpAtMs;
    },
    open: ({ viewer, request, sink, isValid }) => {
      if (isClosed) throw new RequestError("unavailable");
      if (streams.countOf(viewer) >= streamsPerSession) {
        throw new RequestError("too_many_requests", { retryAfterS });
      }
      const socketId = request.socketId ?? `${now()}.${randomInt(2 ** 47)}`;
      const isSigned = ({ wireName, auth }: OpenRequest["channels"][number]) =>
        signatures.verify(auth, socketId, wireName, viewer);
      const signed = request.channels.slice(0, limits.channelsPerStream).filter(isSigned);
      const subscribed = new Set(signed.map(({ wireName }) => wireName));
      const wireNames = [...subscribed];
      const refused = request.channels
        .map(({ wireName }) => wireName)
        .filter((wireName) => !subscribed.has(wireName));
      const first = [
        toFrame("connected", { v: PROTOCOL_VERSION, socketId }),
        toFrame("subscribed", wireNames),
        refused.length > 0 ? toFrame("refused", refused) : "",
      ];
      return streams.open({
        viewer,
        wireNames,
        endsAtMs: clock.now() + leftMs(socketId),
        ...inOwnContext(isValid, sink),
        first: Buffer.from(first.join("")),
      });
    },
    send: (wireName, name, data) =>
      streams.send(wireName, toFrame("signal", [wireName, name, data])),
    hasEntities: (wireName) => {
      const channel = fromWireName(wireName)?.channel;
      return channel !== undefined && entities?.isOn(channel) === true;
    },
    size: streams.size,
    close: () => {
      isClosed = true;
      upserts?.close();
      streams.end(() => true);
    },
  };
  return hub;
}

/**
 * Binds everything but `write` to the current async context; `write` runs for every signal. One resource for all of
 * them: `AsyncResource.bind` takes 2.7 KB for each function.
 */
function inOwnContext(
  isValid: StreamOpening["isValid"],
  sink: Sink,
): Pick<StreamOpening, "isValid" | "sink"> {
  const context = new AsyncResource("querycast.stream");
  return {
    isValid: () => context.runInAsyncScope(isValid),
    sink: {
      write: (chunk) => sink.write(chunk),
      whenRead: (run) => sink.whenRead?.(run),
      queuedBytes: () => sink.queuedBytes(),
      end: () => context.runInAsyncScope(() => sink.end()),
      drop: () => context.runInAsyncScope(() => sink.drop()),
    },
  };
}
