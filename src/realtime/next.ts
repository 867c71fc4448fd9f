/** `querycast/next`: the one route as a Next.js route handler. */
import type { RealtimeHandler } from "./server/create-realtime-handler.ts";

/**
 * The exports of `app/api/realtime/route.ts`:
 * `export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = routeHandlers(handler)`.
 *
 * All methods go to the handler, which answers 405 for all but POST: Next would otherwise answer some
 * of them by itself, and say more than it should.
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
