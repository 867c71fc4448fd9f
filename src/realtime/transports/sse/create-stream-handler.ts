import { limits } from "../../protocol/limits.ts";
import type { RealtimeAnswer } from "../../server/answers.ts";
import type { Relay } from "../../server/create-relay.ts";
import { guardRequest, originOf } from "../../server/guard-request.ts";
import { parseOpenRequest } from "../../server/parse-message.ts";
import { createTokenBucket, type RateLimit } from "../../server/rate-limit.ts";
import { readBody } from "../../server/read-body.ts";
import { isRequestError, RequestError } from "../../server/request-error.ts";
import { respondWithError } from "../../server/respond.ts";
import type { Viewer } from "../../server/viewer.ts";
import { type SseHub, sessionOf } from "./hub.ts";
import { toResponse } from "./to-response.ts";

export interface StreamHandlerOptions {
  readonly hub: SseHub;
  /** What feeds the hub. Only while it follows the log is a stream opened: it would miss the beginning. */
  readonly relay: Pick<Relay, "health">;
  /** Whoever sent the request, by a verified session and nothing else; asked again once a minute. */
  readonly getViewer: (request: Request) => Promise<Viewer | null>;
  /** Origins of your pages, e.g. `["https://inkwell.example"]`, compared as a whole. */
  readonly allowedOrigins: readonly string[];
  /** Per session. Default: bursts of 60, 10 a second, in memory. */
  readonly rateLimit?: RateLimit;
  /** Hears whole errors; the client never does. Default: nobody. */
  readonly onError?: (error: unknown) => void;
  /** Called with the `Origin` of each request that was refused for it. */
  readonly onForeignOrigin?: (origin: string) => void;
  /** Hears of what was refused, before it is sent. Default: nobody. */
  readonly onAnswer?: (answer: RealtimeAnswer) => void;
}

/** Answers requests for a stream, by POST alone. */
export type StreamHandler = (request: Request) => Promise<Response>;

/** The route of the streams. Who may hear what is decided by the one route, which signs for its hub. */
export function createStreamHandler(options: StreamHandlerOptions): StreamHandler {
  const { hub, relay, getViewer, allowedOrigins, rateLimit = createTokenBucket() } = options;
  const { onError = () => {}, onAnswer = () => {} } = options;

  const open = async (request: Request): Promise<Response> => {
    guardRequest(request, allowedOrigins, limits.streamRequestBytes);
    const viewer = await getViewer(request);
    if (viewer === null) throw new RequestError("unauthenticated");
    const session = sessionOf(viewer);
    const waitMs = rateLimit.take(session);
    if (waitMs > 0) {
      throw new RequestError("too_many_requests", { retryAfterS: Math.ceil(waitMs / 1000) });
    }
    const message = parseOpenRequest(await readBody(request, limits.streamRequestBytes));
    if (relay.health().state !== "leading") throw new RequestError("unavailable");
    // Whoever has gone meanwhile is told nothing any more, neither now nor by an event to come.
    if (request.signal.aborted) throw new RequestError("unavailable");
    const isValid = async () => {
      const same = await getViewer(request);
      return same !== null && same.id === viewer.id && sessionOf(same) === session;
    };
    return toResponse(
      (sink) => hub.open({ viewer, request: message, sink, isValid }),
      request.signal,
    );
  };

  return async (request) => {
    try {
      return await open(request);
    } catch (error) {
      const refusal = isRequestError(error)
        ? error
        : new RequestError("unavailable", { cause: error });
      if (refusal !== error) onError(error);
      if (refusal.code === "forbidden_origin") options.onForeignOrigin?.(originOf(request));
      onAnswer({ type: "refused", code: refusal.code });
      return respondWithError(refusal);
    }
  };
}
