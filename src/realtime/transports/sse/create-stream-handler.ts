import { createStreamGate, type StreamHandlerOptions } from "./stream-gate.ts";
import { toResponse } from "./to-response.ts";

/** Handles requests that open a stream, by POST only. */
export type StreamHandler = (request: Request) => Promise<Response>;

/**
 * Creates the handler of the stream route. It accepts signatures of the realtime route, which decides about access:
 * pass the same hub to `createRealtimeHandler` as `broker`. Where the server gives access to Node's own request and
 * response, `createRawStreamHandler` needs less memory per stream, and compresses rows.
 *
 * ```ts
 * const hub = createSseHub({ secret });
 * const relay = createStreamFollower({
 *   hub,
 *   relay: (broker) => createRelay({ log: createFollowLog({ open }), broker }),
 * });
 * relay.start();
 * const handler = createStreamHandler({ hub, relay, getViewer, allowedOrigins });
 * ```
 */
export function createStreamHandler(options: StreamHandlerOptions): StreamHandler {
  const gate = createStreamGate(options);
  return async (request) => {
    try {
      const { open } = await gate.admit(request, {
        body: () => request.body,
        again: () => request,
      });
      return toResponse(open, request.signal);
    } catch (error) {
      return gate.refuse(request, error);
    }
  };
}
