import { limits } from "../../protocol/limits.ts";
import { observer } from "../../server/observer.ts";
import type { Relay } from "../../server/relay/create-relay.ts";
import type { RealtimeAnswer } from "../../server/route/answers.ts";
import { guardRequest, originOf } from "../../server/route/guard-request.ts";
import { parseOpenRequest } from "../../server/route/parse-message.ts";
import { createTokenBucket, type RateLimit } from "../../server/route/rate-limit.ts";
import { readBody } from "../../server/route/read-body.ts";
import { isRequestError, RequestError } from "../../server/route/request-error.ts";
import { respondWithError } from "../../server/route/respond.ts";
import { sessionOf, type Viewer } from "../../server/viewer.ts";
import type { SseHub } from "./hub.ts";
import type { StreamFollower } from "./stream-follower.ts";
import type { Sink } from "./streams.ts";

/** Options of `createStreamHandler` and `createRawStreamHandler`. */
export interface StreamHandlerOptions {
  readonly hub: SseHub;
  /**
   * What follows the log for the hub: a `createStreamFollower`, or a relay that always runs. A stream waits until a
   * follower is ready. While the log is not followed, streams are refused with 503.
   */
  readonly relay: Pick<Relay, "health"> & Partial<Pick<StreamFollower, "ready">>;
  /**
   * Returns the viewer of the request's verified session, or null without one (401). Called again once a minute while
   * the stream is open.
   */
  readonly getViewer: (request: Request) => Promise<Viewer | null>;
  /** Origins of your pages, e.g. `["https://inkwell.example"]`. Compared exactly, without wildcards. */
  readonly allowedOrigins: readonly string[];
  /** Limits requests per session. Default: `createTokenBucket()`, bursts of 60 and 10 per second. */
  readonly rateLimit?: RateLimit;
  /** Receives the errors behind a 503; the client receives only a code. Default: ignored. */
  readonly onError?: (error: unknown) => void;
  /** Called with the `Origin` of each request that was refused for it. Default: not called. */
  readonly onForeignOrigin?: (origin: string) => void;
  /** Called with each refused request before the response is sent. Default: not called. */
  readonly onAnswer?: (answer: RealtimeAnswer) => void;
}

/** A stream that may be opened. */
export interface Admission {
  /** Wire names that the client asks for. */
  readonly wireNames: readonly string[];
  /**
   * Opens the stream. Returns a function that removes it. Idempotent.
   *
   * @throws {RequestError} as {@link SseHub.open}
   */
  open(sink: Sink): () => void;
}

/** The parts of a request that are read later. */
export interface StreamSource {
  /** Read once, after the viewer and the rate limit were checked. */
  readonly body: () => AsyncIterable<Uint8Array> | null;
  /** Called for each check of the session while the stream is open. */
  readonly again: () => Request;
}

/** Decides about requests that open a stream. */
export interface StreamGate {
  /**
   * @param request without its body
   * @param source the body, and the request for the checks of its session while the stream is open
   * @throws {unknown} any value that {@link StreamGate.refuse} accepts.
   */
  admit(request: Request, source: StreamSource): Promise<Admission>;
  /** Reports an error and returns the response for it. */
  refuse(request: Request, error: unknown): Response;
}

export const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  // Proxies that compress or buffer the response would delay signals.
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
};

export function createStreamGate(options: StreamHandlerOptions): StreamGate {
  const { hub, relay, getViewer, allowedOrigins, rateLimit = createTokenBucket() } = options;
  const onError = observer(options.onError);
  const onAnswer = observer(options.onAnswer, onError);
  const onForeignOrigin = observer(options.onForeignOrigin, onError);
  return {
    admit: async (request, { body, again }) => {
      guardRequest(request, allowedOrigins, limits.streamRequestBytes);
      const viewer = await getViewer(request);
      if (viewer === null) throw new RequestError("unauthenticated");
      const session = sessionOf(viewer);
      const waitMs = rateLimit.take(session);
      if (waitMs > 0) {
        throw new RequestError("too_many_requests", { retryAfterS: Math.ceil(waitMs / 1000) });
      }
      const message = parseOpenRequest(await readBody(body(), limits.streamRequestBytes));
      await relay.ready?.();
      if (relay.health().state !== "leading") throw new RequestError("unavailable");
      // The client has disconnected. No `abort` event follows, so the stream would never be removed.
      if (request.signal.aborted) throw new RequestError("unavailable");
      const isValid = checkOf(viewer, () => getViewer(again()));
      return {
        wireNames: message.channels.map(({ wireName }) => wireName),
        open: (sink) => hub.open({ viewer, request: message, sink, isValid }),
      };
    },
    refuse: (request, error) => {
      const refusal = isRequestError(error)
        ? error
        : new RequestError("unavailable", { cause: error });
      if (refusal !== error) onError(error);
      if (refusal.code === "forbidden_origin") onForeignOrigin(originOf(request));
      onAnswer({ type: "refused", code: refusal.code });
      return respondWithError(refusal);
    },
  };
}

/** Returns the check of a stream's session. A function of its own, so that an open stream keeps nothing else. */
function checkOf(viewer: Viewer, read: () => Promise<Viewer | null>): () => Promise<boolean> {
  return async () => {
    const same = await read();
    return same !== null && same.id === viewer.id && sessionOf(same) === sessionOf(viewer);
  };
}
