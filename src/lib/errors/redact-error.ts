/** Fields of a Postgres error that quote no value. `detail`, `where` and `hint` may quote a whole row. */
const safeFields = [
  "code",
  "severity",
  "schema_name",
  "table_name",
  "column_name",
  "constraint_name",
  "routine",
] as const;

const maxCauses = 5;
const maxSql = 500;

/**
 * Returns an error without the values of the failed statement, so that texts, addresses and password hashes
 * do not reach a log. Drizzle puts all parameters into its message, and some messages of Postgres quote
 * values. Type, code, constraint, the SQL with placeholders, and the stack are kept. Other errors are
 * returned unchanged, with their causes redacted.
 */
export function redactError(thrown: unknown, causes = 0): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const cause = causes < maxCauses ? redactError(thrown.cause, causes + 1) : undefined;
  const { query } = thrown as { query?: unknown };
  if ("params" in thrown && typeof query === "string") {
    return copy(thrown, "DrizzleQueryError", `A query failed: ${query.slice(0, maxSql)}`, cause);
  }
  if (thrown.name === "PostgresError") {
    const kept = Object.fromEntries(
      safeFields.map((name) => [name, (thrown as unknown as Record<string, unknown>)[name]]),
    );
    return Object.assign(copy(thrown, thrown.name, withoutValues(thrown.message), cause), kept);
  }
  if (thrown.cause !== cause) {
    Object.defineProperty(thrown, "cause", { value: cause, configurable: true, writable: true });
  }
  return thrown;
}

/** Postgres quotes values after a colon, and names of tables and columns before it. */
const withoutValues = (message: string): string =>
  message.replace(/: .*$/s, ": [value]").slice(0, maxSql);

function copy(original: Error, name: string, message: string, cause: unknown): Error {
  const error = new Error(message, cause === undefined ? {} : { cause });
  Object.defineProperty(error, "name", { value: name, configurable: true });
  error.stack = `${name}: ${message}\n${framesOf(original).join("\n")}`;
  return error;
}

/**
 * The frames of an error's stack. The message before them is cut off by its length, since it may contain
 * lines that look like frames.
 */
export function framesOf({ stack = "", message }: Error): string[] {
  const at = message === "" ? -1 : stack.indexOf(message);
  const frames = at === -1 ? stack : stack.slice(at + message.length);
  return frames.split("\n").filter((line) => /^\s+at /.test(line) && line.length <= 300);
}
