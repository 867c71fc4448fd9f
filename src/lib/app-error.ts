/** Everything that can go wrong in a verb, as far as its caller should know. */
export type AppErrorCode =
  | "invalid_input"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "too_many_requests"
  /** The page was rendered for another account than the one that is signed in now. */
  | "other_viewer"
  /** The page is of a former release. Only browsers find that out. */
  | "outdated"
  | "unavailable"
  | "internal";

/** Messages per form field. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** What verbs throw. The message is shown to people: it names the thing, the limit and the remedy. */
export class AppError extends Error {
  /**
   * By name: what lives as long as the process was made by one of several bundles of the server, and
   * throws that bundle's own copy of the class.
   */
  static override [Symbol.hasInstance](thrown: unknown): boolean {
    return thrown instanceof Error && thrown.name === "AppError";
  }

  override readonly name = "AppError";
  readonly code: AppErrorCode;
  readonly fieldErrors: FieldErrors;
  /** Of `too_many_requests`: when it is worth trying again. */
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
