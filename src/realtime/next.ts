/** `querycast/next`: the realtime route as a Next.js route handler. */
import type { RealtimeHandler } from "./server/route/create-realtime-handler.ts";

/**
 * Returns the exports of `app/api/realtime/route.ts`. Every method goes to the handler, which answers 405 to
 * all but POST: without an export Next answers `OPTIONS` itself.
 *
 * ```ts
 * export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = routeHandlers(handler);
 * ```
 *
 * @param handler the result of `createRealtimeHandler` or `createStreamHandler`.
 */
export function routeHandlers(handler: RealtimeHandler) {
  return {
    GET: handler,
    HEAD: handler,
    OPTIONS: handler,
    POST: handler,
    PUT: handler,
    PATCH: handler,
    DELETE: handler,
  } as const;
}
