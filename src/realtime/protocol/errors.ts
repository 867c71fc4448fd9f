export type ProtocolErrorCode =
  /** A channel, signal or parameter declaration that could produce a bad name. Thrown at load. */
  | "invalid_contract"
  /** A channel reference or name outside the contract. */
  | "invalid_channel"
  /** A signal that is not on its channel, or carries something that is not an id. */
  | "invalid_signal"
  /** A request or answer that is not of this protocol. */
  | "invalid_message";

/** Something that does not fit the contract. The message names the thing, the limit and the remedy. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
