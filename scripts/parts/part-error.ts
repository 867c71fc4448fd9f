/** Why one of the parts (Postgres, Soketi, Inngest, Next) did not start. */
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
 * A part did not start, for a reason that the user can fix. `message` is what happened, `wayOut` the remedy;
 * the start scripts print both without a stack trace.
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
