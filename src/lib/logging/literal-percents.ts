import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/**
 * Makes the path of a URL decodable. In a path such as `/people/%ff`, which is not UTF-8, each percent sign
 * is escaped. Next answers 500 to such a path, and 404 to the result.
 */
export function withLiteralPercents(url: string): string {
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return path.replaceAll("%", "%25") + url.slice(path.length);
  }
}

/**
 * Rewrites undecodable paths of all requests of this process, before the server's own listener runs.
 *
 * @returns Stops doing so.
 */
export function acceptOddPaths(): () => void {
  const onRequest = (message: unknown) => {
    const { request } = message as { readonly request: IncomingMessage };
    request.url = withLiteralPercents(request.url ?? "/");
  };
  subscribe("http.server.request.start", onRequest);
  return () => unsubscribe("http.server.request.start", onRequest);
}
