import type { CatchUpResult, ErrorCode, JoinResult } from "../protocol/messages.ts";

/**
 * What the one route told somebody, for metrics and logs: decisions, and nothing that names a viewer, a
 * channel or a signature.
 */
export type RealtimeAnswer =
  /** One status per channel, in the order asked. */
  | { readonly type: "join"; readonly statuses: readonly JoinResult["status"][] }
  | { readonly type: "catch-up"; readonly statuses: readonly CatchUpResult["status"][] }
  | { readonly type: "sign-in" }
  | { readonly type: "rollout" }
  /** The request as a whole, whatever it asked for. */
  | { readonly type: "refused"; readonly code: ErrorCode };
