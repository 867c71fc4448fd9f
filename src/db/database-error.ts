export type DatabaseErrorCode =
  /** The connection broke off. What was not committed is rolled back. */
  | "connection_lost"
  /** The transaction took longer than it may; its connection was given up. */
  | "timed_out"
  /** Every connection was busy for too long. */
  | "pool_exhausted"
  /** A statement failed, its error was swallowed, and so Postgres rolled back instead of committing. */
  | "rolled_back"
  /** A transaction was used after its function had returned. */
  | "transaction_ended"
  | "closed";

/** What goes wrong around the statements. What Postgres refuses arrives as its own error. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly code: DatabaseErrorCode;

  constructor(code: DatabaseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
