export type DatabaseErrorCode =
  /** The connection was lost. Uncommitted changes are rolled back. */
  | "connection_lost"
  /** The transaction exceeded its time limit, and its connection was closed. */
  | "timed_out"
  /** No connection became free in time. */
  | "pool_exhausted"
  /** A statement failed and its error was swallowed, so Postgres rolled back instead of committing. */
  | "rolled_back"
  /** A transaction was used after its function had returned. */
  | "transaction_ended"
  | "closed";

/** An error of connections and transactions. Errors of statements are those of Postgres. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly code: DatabaseErrorCode;

  constructor(code: DatabaseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
