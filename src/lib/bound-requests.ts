import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Server } from "node:http";

/**
 * Ends requests that do not arrive: headers after 15 s, the whole request after 30 s, instead of Node's
 * 60 s and 300 s. Next makes the HTTP server, so its limits are set at its first request. Responses,
 * streams among them, may take as long as they like.
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
