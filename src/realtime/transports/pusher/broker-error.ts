/** Reason of a {@link BrokerError}. */
export type BrokerErrorCode =
  /** No response: connection refused, reset or lost, or unknown host. */
  | "unreachable"
  | "timed_out"
  /** The key, the secret or this machine's clock is wrong. */
  | "unauthorised"
  | "unknown_app"
  | "too_large"
  | "rate_limited"
  /** The broker refused the content of the request. */
  | "refused"
  /** The response does not follow the Pusher protocol. */
  | "unexpected_answer";

/** A broker did not accept a request. */
export class BrokerError extends Error {
  override readonly name = "BrokerError";
  readonly code: BrokerErrorCode;
  /** `content`: retrying the same events cannot succeed. `broker`: it can, once the broker works again. */
  readonly blame: "content" | "broker";

  constructor(code: BrokerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.blame = code === "refused" || code === "too_large" ? "content" : "broker";
  }
}
