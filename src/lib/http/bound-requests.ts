import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Server } from "node:http";

/**
 * Limits how long a request may take to arrive: headers 15 s, the whole request 30 s, instead of Node's 60
 * s and 300 s. Next creates the HTTP server, so the limits are set at its first request. Responses,
 * including streams, are not limited.
 *
 * @returns Stops setting limits.
 */
export function boundRequests({ requestMs = 30_000, headersMs = 15_000 } = {}): () => void {
  const onRequest = (message: unknown) => {
    const { server } = message as { readonly server: Server };
    server.requestTimeout = requestMs;
    server.headersTimeout = headersMs;
  };
  subscribe("http.server.request.start", onRequest);
  return () => unsubscribe("http.server.request.start", onRequest);
}
