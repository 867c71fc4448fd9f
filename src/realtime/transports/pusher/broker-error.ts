export type BrokerErrorCode =
  /** No answer: refused, reset, unknown host, connection lost half-way. */
  | "unreachable"
  | "timed_out"
  /** Key, secret or clock are wrong. */
  | "unauthorised"
  | "unknown_app"
  | "too_large"
  | "rate_limited"
  /** The broker understood the request and does not want it. */
  | "refused"
  /** Not the answer of a Pusher-protocol broker that accepted something. */
  | "unexpected_answer";

/** A broker did not accept what it was given. */
export class BrokerError extends Error {
  override readonly name = "BrokerError";
  readonly code: BrokerErrorCode;
  /** What has to change before a publish can succeed: an event, or something about the broker. */
  readonly blame: "content" | "broker";

  constructor(code: BrokerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.blame = code === "refused" || code === "too_large" ? "content" : "broker";
  }
}
