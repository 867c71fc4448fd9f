import type { AppErrorCode } from "./app-error.ts";

/** The HTTP status of each error in a response of our routes. */
export const statusOfError: Readonly<Record<AppErrorCode, number>> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_many_requests: 429,
  other_viewer: 409,
  outdated: 409,
  unavailable: 503,
  internal: 500,
};
