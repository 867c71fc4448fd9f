import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/**
 * A URL whose path can be decoded. In a path such as `/people/%ff`, which is no UTF-8, each percent sign stands
 * for itself. Next answers 500 to such a path; with the result it looks for `%ff` and answers 404.
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
 * Gives every request of this process a path that can be decoded, before the server's own listener runs.
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
