import type { ErrorCode } from "../../protocol/messages.ts";

/** A request that is refused with an error code. The handler turns it into a response. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: ErrorCode;
  /** With `too_many_requests`: seconds to wait. */
  readonly retryAfterS: number | undefined;
  /** With `unknown_key`: the key to connect with. */
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
 * Checks name and code instead of `instanceof`: a bundler may give the hub and the route separate copies of this
 * module. The code is checked because HTTP clients also have a class named `RequestError`.
 */
export function isRequestError(error: unknown): error is RequestError {
  if (!(error instanceof Error && error.name === "RequestError" && "code" in error)) return false;
  return Object.hasOwn(codes, String(error.code));
}
