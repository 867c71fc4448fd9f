import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * Puts a listener before those of every HTTP server of this process that gets a request from now on. Next makes
 * its server itself, so it is met at its first request, before its own listener runs.
 *
 * @param wrap Makes the new listener out of the server's own. That of a later call comes before those of earlier ones.
 * @returns Stops meeting further servers.
 */
export function takeRequests(wrap: (next: Listener) => Listener): () => void {
  const taken = new WeakSet<Server>();
  const onRequest = (message: unknown) => {
    const { server } = message as { readonly server: Server };
    if (taken.has(server)) return;
    taken.add(server);
    const own = server.listeners("request") as Listener[];
    const all: Listener = (request, response) =>
      Promise.all(own.map((listener) => listener.call(server, request, response)));
    server.removeAllListeners("request");
    server.on("request", wrap(all));
  };
  subscribe("http.server.request.start", onRequest);
  return () => unsubscribe("http.server.request.start", onRequest);
}
