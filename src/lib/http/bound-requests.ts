import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
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
    const bound = maxBytes(request.url ?? "");
    if (Number(request.headers["content-length"] ?? 0) > bound) {
      response.writeHead(413, { connection: "close" }).end();
      return;
    }
    if (request.headers["transfer-encoding"] !== undefined) endAt(bound, request, response);
    return next(request, response);
  });
  return () => {
    unsubscribe("http.server.request.start", onRequest);
    release();
  };
}

/** Ends the connection of a request without a declared length once its body is too large. */
function endAt(maxBytes: number, request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request; // absent from the request after its reader has cancelled it
  let bytes = 0;
  const push = request.push.bind(request);
  // A listener for data would make the body flow before Next reads it.
  request.push = (chunk: Buffer | null, ...rest) => {
    bytes += chunk?.length ?? 0;
    if (bytes <= maxBytes) return push(chunk, ...rest);
    refuse(socket, response.headersSent);
    return false;
  };
  // Node discards the rest of a body after the response, however long it is.
  response.once("finish", () => {
    if (!request.complete) socket.destroySoon();
  });
}

/** As Node answers a request that took too long. Next may still write to the response, which has no effect then. */
function refuse(socket: Socket, isAnswered: boolean): void {
  if (!isAnswered) socket.write("HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\n\r\n");
  socket.destroySoon();
}
