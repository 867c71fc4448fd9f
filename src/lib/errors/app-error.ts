/** The error codes of actions and queries. */
export type AppErrorCode =
  | "invalid_input"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "too_many_requests"
  /** The page was rendered for another account than the one that is signed in now. */
  | "other_viewer"
  /** The page belongs to an earlier release. Only browsers produce it. */
  | "outdated"
  | "unavailable"
  | "internal";

/** Messages per form field. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/**
 * The error of actions and queries. Its message is shown to people: it names the thing, the limit and the
 * remedy.
 */
export class AppError extends Error {
  /**
   * Compares by name: each bundle of the server has its own copy of the class, and an object that lives as
   * long as the process may throw any of them.
   */
  static override [Symbol.hasInstance](thrown: unknown): boolean {
    return thrown instanceof Error && thrown.name === "AppError";
  }

  override readonly name = "AppError";
  readonly code: AppErrorCode;
  readonly fieldErrors: FieldErrors;
  /** For `too_many_requests`: seconds until a retry can succeed. */
  readonly retryAfterS: number | undefined;

  constructor(
    code: AppErrorCode,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly fieldErrors?: FieldErrors;
      readonly retryAfterS?: number;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.fieldErrors = options.fieldErrors ?? {};
    this.retryAfterS = options.retryAfterS;
  }
}
