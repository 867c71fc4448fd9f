import type { ErrorCode } from "../protocol/messages.ts";

/** A request that ends here. The adapter at the top turns it into an answer, once. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: ErrorCode;
  /** Seconds, for `too_many_requests`. */
  readonly retryAfterS: number | undefined;
  /** For `unknown_key`: the one to connect with. */
  readonly key: string | undefined;

  constructor(
    code: ErrorCode,
    options: ErrorOptions & { retryAfterS?: number; key?: string } = {},
  ) {
    super(code, options);
    this.code = code;
    this.retryAfterS = options.retryAfterS;
    this.key = options.key;
  }
}

const codes: Readonly<Record<ErrorCode, true>> = {
  bad_request: true,
  unsupported_version: true,
  unauthenticated: true,
  forbidden_origin: true,
  method_not_allowed: true,
  too_large: true,
  unknown_key: true,
  unsupported_media_type: true,
  too_many_requests: true,
  unavailable: true,
};

/**
 * By name and code, not by class. A bundler may give the hub and the route a copy of this module each, and
 * `instanceof` is false for an error of the other copy. HTTP clients have a `RequestError` of their own,
 * with other codes.
 */
export function isRequestError(error: unknown): error is RequestError {
  if (!(error instanceof Error && error.name === "RequestError" && "code" in error)) return false;
  return Object.hasOwn(codes, String(error.code));
}
