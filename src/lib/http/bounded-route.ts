import { NextRequest } from "next/server";
import { within } from "../within.ts";

export interface BodyBounds {
  /** Default 65,536: forms, and the messages of the site's own pages. */
  readonly maxBytes?: number;
  /** How long the whole body may take to arrive. Default 10,000. */
  readonly timeoutMs?: number;
}

/**
 * How much of a larger body is read and dropped before the refusal. A connection that closes with unread bytes is reset,
 * and a sender who still writes could lose the response.
 */
const droppedBytes = 5_000_000;

type Handler<Rest extends unknown[]> = (request: NextRequest, ...rest: Rest) => Promise<Response>;

/**
 * A route handler that runs after its whole body has arrived: 413 beyond `maxBytes`, 408 when the body
 * takes too long, 400 when it breaks off. Every exported method of a route that may have a body is wrapped
 * in it, so that no handler, of this site or of a package, reads an unbounded body.
 */
export function boundedRoute<Rest extends unknown[]>(
  handler: Handler<Rest>,
  { maxBytes = 65_536, timeoutMs = 10_000 }: BodyBounds = {},
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    if (Number(request.headers.get("content-length") ?? 0) > Math.max(maxBytes, droppedBytes)) {
      await request.body?.cancel().catch(() => {});
      return refuse(413);
    }
    const body = await collect(request.body, maxBytes, timeoutMs);
    if (typeof body === "number") return refuse(body);
    const { url, method, headers, signal } = request;
    const init = { method, headers, signal, ...(request.body !== null && { body }) };
    return handler(new NextRequest(url, init), ...rest);
  };
}

/** Reads a stream, or returns the status of the refusal. */
async function collect(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  timeoutMs: number,
): Promise<Uint8Array<ArrayBuffer> | number> {
  const reader = stream?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const read = async () => {
    while (bytes <= Math.max(maxBytes, droppedBytes)) {
      const next = await reader.read();
      if (next.done) break;
      bytes += next.value.byteLength;
      if (bytes <= maxBytes) chunks.push(next.value);
    }
    return "read";
  };
  // A body breaks off when the connection is lost. No client receives the 400.
  const end = await within(
    timeoutMs,
    read().catch(() => "broken"),
    "late",
  );
  if (end === "read" && bytes <= maxBytes) return concatenate(chunks, bytes);
  void reader.cancel().catch(() => {});
  if (bytes > maxBytes) return 413;
  return end === "late" ? 408 : 400;
}

function concatenate(chunks: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/** `Connection: close` also ends what a sender has not sent yet. */
const refuse = (status: number) =>
  new Response(null, { status, headers: { "cache-control": "no-store", connection: "close" } });
