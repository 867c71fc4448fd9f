/** Reasons of a {@link ProtocolError}. */
export type ProtocolErrorCode =
  /** A declaration of the contract is invalid. Thrown when the module with the contract is loaded. */
  | "invalid_contract"
  /** A channel reference or name does not match the contract. */
  | "invalid_channel"
  /** The channel does not declare the signal, or an id of the signal is invalid. */
  | "invalid_signal"
  /** The ephemeral channel does not declare the message, or its fields are invalid or too large. */
  | "invalid_ephemeral"
  /** A request or response does not follow the protocol. */
  | "invalid_message";

/** Input violates the contract or the protocol. The message names the thing, the limit and the remedy. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
