/** What can keep one of the real parts (Postgres, Soketi, Inngest, Next) from starting. */
export type PartErrorCode =
  | "node-version"
  | "port-taken"
  | "in-use"
  | "half-initialised"
  | "wrong-version"
  | "unreachable-folder"
  | "no-user"
  | "not-installed"
  | "no-build"
  | "start-failed";

/**
 * A part could not start, and the person at the keyboard can do something about it. `message` says what
 * happened, `wayOut` what to do now; the start scripts print both and no stack trace.
 */
export class PartError extends Error {
  override readonly name = "PartError";
  readonly code: PartErrorCode;
  readonly wayOut: string;

  constructor(message: string, options: ErrorOptions & { code: PartErrorCode; wayOut: string }) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = options.code;
    this.wayOut = options.wayOut;
  }
}
