import type { IncomingMessage, ServerResponse } from "node:http";
import { createBrotliSink, createPlainSink } from "./raw-sink.ts";
import { createStreamGate, type StreamHandlerOptions } from "./stream-gate.ts";

/** Options of {@link createRawStreamHandler}. */
export interface RawStreamHandlerOptions extends StreamHandlerOptions {
  /**
   * Maximum number of streams that are compressed at the same time; others are plain. An encoder takes about 540 KB.
   * Streams are compressed only if their channels have entities, and the client accepts brotli. 0 compresses none.
   * Default 100.
   */
  readonly compressedStreams?: number;
}

/** Handles requests that open a stream, by POST only. Resolves when the stream is open or refused; never rejects. */
export type RawStreamHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

/** Time limit for a request's body. */
const bodyMs = 10_000;

/**
 * Creates the handler of the stream route on Node's own request and response. A stream takes about 7.6 KB, where the
 * `Request` and `Response` of `createStreamHandler` take 20 KB. The body must not have been read before.
 *
 * ```ts
 * // pages/api/realtime/stream.ts, since route handlers of Next give no access to the response
 * export const config = { api: { bodyParser: false } };
 * export default createRawStreamHandler({ hub, relay, getViewer, allowedOrigins });
 * ```
 */
export function createRawStreamHandler(options: RawStreamHandlerOptions): RawStreamHandler {
  const { hub, compressedStreams = 100 } = options;
  const gate = createStreamGate(options);
  let compressed = 0;

  const isCompressed = (request: IncomingMessage, wireNames: readonly string[]) =>
    compressed < compressedStreams &&
    acceptsBrotli(request.headers["accept-encoding"]) &&
    wireNames.some(hub.hasEntities);

  return async (request, response) => {
    const asked = toRequest(request);
    try {
      const { wireNames, open } = await gate.admit(asked, {
        body: () => bodyOf(request),
        again: () => toRequest(request),
      });
      if (response.destroyed) return;
      const isSmall = isCompressed(request, wireNames);
      const sink = isSmall
        ? createBrotliSink(response, () => {
            compressed -= 1;
          })
        : createPlainSink(response);
      if (isSmall) compressed += 1;
      response.once("close", open(sink));
    } catch (error) {
      await answer(response, gate.refuse(asked, error));
    }
  };
}

/** Whether the header names brotli, with a weight that is not 0. */
function acceptsBrotli(header: string | string[] | undefined): boolean {
  return String(header ?? "")
    .split(",")
    .map((each) => each.split(";").map((part) => part.trim().toLowerCase()))
    .some(([name, ...rest]) => name === "br" && !rest.some((part) => /^q=0(\.0*)?$/.test(part)));
}

/** The request as the gate reads it, without its body. Its URL is not used. */
function toRequest(message: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined && !name.startsWith(":")) headers.set(name, String(value));
  }
  return new Request("http://localhost/", { method: message.method ?? "GET", headers });
}

/**
 * The body as it arrives. A body that takes too long breaks off with its connection. Web streams leave listeners on the
 * message, which is kept as long as its stream.
 */
async function* bodyOf(message: IncomingMessage): AsyncGenerator<Uint8Array> {
  const late = setTimeout(() => message.destroy(), bodyMs);
  try {
    // The connection is needed for the response.
    yield* message.iterator({ destroyOnReturn: false });
  } finally {
    clearTimeout(late);
  }
}

async function answer(response: ServerResponse, refusal: Response): Promise<void> {
  if (response.destroyed) return;
  // A body that was not read is discarded with its connection.
  response.writeHead(refusal.status, {
    ...Object.fromEntries(refusal.headers),
    connection: "close",
  });
  response.end(await refusal.text());
}
