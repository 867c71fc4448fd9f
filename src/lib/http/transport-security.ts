import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";

const twoYearsS = 63_072_000;

/**
 * Adds `Strict-Transport-Security` to every response of this process: pages, routes, built files and
 * errors. next.config.ts cannot do it, because it is evaluated at build time.
 *
 * @returns Stops adding it.
 */
export function addTransportSecurity(): () => void {
  const onRequest = (message: unknown) => {
    const { response } = message as { readonly response: ServerResponse };
    response.setHeader("strict-transport-security", `max-age=${twoYearsS}`);
  };
  subscribe("http.server.request.start", onRequest);
  return () => unsubscribe("http.server.request.start", onRequest);
}
