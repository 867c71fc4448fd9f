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
