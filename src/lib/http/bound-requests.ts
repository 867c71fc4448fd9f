import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { takeRequests } from "./take-requests.ts";

export interface RequestBounds {
  /** How long the headers may take to arrive. Default 15,000, instead of Node's 60,000. */
  readonly headersMs?: number;
  /** How long the whole request may take to arrive. Default 30,000, instead of Node's 300,000. */
  readonly requestMs?: number;
  /**
   * The largest body of a request to a URL. Default: 1 MiB, which Next allows actions (it would answer 500 beyond), and
   * 5,000,000 bytes for routes, more than the largest bound of one.
   */
  readonly maxBytes?: (url: string) => number;
}

/** How long the rest of a refused body is read, and how much of it. */
const droppedMs = 5_000;
const droppedBytes = 8_000_000;

/**
 * Limits the time and the bytes that a request to any page, action, route or file may take to arrive. A larger body
 * ends the connection, whether Next reads it or not. Next creates the HTTP server, so the limits are set at its first
 * request. Responses, including streams, are not limited.
 *
 * @returns Stops limiting further servers.
 */
export function boundRequests({
  requestMs = 30_000,
  headersMs = 15_000,
  maxBytes = (url) => (url.startsWith("/api/") ? 5_000_000 : 1_048_576),
}: RequestBounds = {}): () => void {
  const onRequest = (message: unknown) => {
    const { server } = message as { readonly server: Server };
    server.requestTimeout = requestMs;
    server.headersTimeout = headersMs;
  };
  subscribe("http.server.request.start", onRequest);
  const release = takeRequests((next) => (request, response) => {
    const { "content-length": declared, "transfer-encoding": encoding } = request.headers;
    const bound = maxBytes(request.url ?? "");
    const isTooLarge = Number(declared ?? 0) > bound;
    if (isTooLarge || encoding !== undefined) endAt(isTooLarge ? 0 : bound, request, response);
    if (!isTooLarge) return next(request, response);
  });
  return () => {
    unsubscribe("http.server.request.start", onRequest);
    release();
  };
}

/**
 * Refuses a body at its first byte beyond the bound, and at once with a bound of 0. The rest is read for a while and
 * dropped: a connection that closes with unread bytes is reset, and a sender who still writes could lose the response
 * (RFC 9112, section 9.6).
 */
function endAt(maxBytes: number, request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request; // absent from the request after its reader has cancelled it
  let bytes = 0;
  let isRefused = false;
  const refuse = () => {
    isRefused = true;
    // As Node answers a request that took too long. Next may still write to the response, which has no effect then.
    if (!response.headersSent) {
      socket.end(
        "HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
      );
    }
    const late = setTimeout(() => socket.destroy(), droppedMs);
    socket.once("close", () => clearTimeout(late));
  };
  const push = request.push.bind(request);
  // A listener for data would make the body flow before Next reads it.
  request.push = (chunk: Buffer | null, ...rest) => {
    bytes += chunk?.length ?? 0;
    if (!isRefused && bytes <= maxBytes) return push(chunk, ...rest);
    if (!isRefused) refuse();
    if (chunk === null || bytes > maxBytes + droppedBytes) socket.destroySoon();
    return true;
  };
  if (maxBytes === 0) refuse();
  // Node discards the rest of a body after the response, however long it is.
  response.once("finish", () => {
    if (!request.complete) socket.destroySoon();
  });
}
