import type { LogLevel } from "../env/variables.ts";
import { framesOf, redactError } from "../errors/redact-error.ts";

export interface LogEntry {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Maximum characters of a line. A longer line is truncated. */
const maxLine = 16_384;
const maxString = 1_000;
const maxItems = 50;
const maxFrames = 20;
const maxCauses = 5;

/** One JSON object, on one line, of 16,384 characters at most. */
export function toJsonLine(entry: LogEntry): string {
  const line = JSON.stringify(entry, toLogged);
  if (line.length <= maxLine) return line;
  const { time, level, message, correlation } = entry;
  return JSON.stringify({ time, level, message, correlation, cutFrom: line.length }, toLogged);
}

/** For a terminal: time of day, level, message, then the other fields. Stacks keep their lines. */
export function toPrettyLine({ time, level, message, ...fields }: LogEntry): string {
  const told = Object.entries(fields).map(([name, value]) => {
    const logged = toLogged(name, value);
    const text = JSON.stringify(logged, toLogged, value instanceof Error ? 2 : 0) ?? "";
    return ` ${name}=${text.replaceAll("\\n", "\n")}`;
  });
  return `${time.slice(11, 23)} ${level.padEnd(5)} ${message}${told.join("")}`.slice(0, maxLine);
}

/** Names of fields that contain secrets or user input. */
const secretName =
  /^(auth|authorization|cookies?|set-cookie|password|secret|signature|token|parameters|params|args|body|email)$|(Secret|Password|Token|Cookie|Signature|Hash)$|_hash$/i;

/** Errors keep type, message, code, frames and causes. Secrets and long values do not reach a log. */
function toLogged(name: string, value: unknown): unknown {
  if (secretName.test(name) && value !== null && value !== undefined) return "[secret]";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return bounded(value);
  if (Array.isArray(value) && value.length > maxItems) {
    return [...value.slice(0, maxItems), `… ${value.length - maxItems} more`];
  }
  return value instanceof Error ? describeError(value) : value;
}

const bounded = (text: string): string =>
  text.length <= maxString ? text : `${text.slice(0, maxString)}… (${text.length} characters)`;

function describeError(thrown: Error, causes = 0): object {
  const error = redactError(thrown) as Error;
  const { name, cause } = error;
  return {
    name,
    // The message of a parser quotes its input.
    message: error instanceof SyntaxError ? "[quotes its input]" : bounded(error.message),
    code: (error as { code?: unknown }).code,
    constraint: (error as { constraint_name?: unknown }).constraint_name,
    stack: framesOf(error).slice(0, maxFrames).join("\n"),
    cause:
      cause instanceof Error && causes < maxCauses
        ? describeError(cause, causes + 1)
        : kindOf(cause),
  };
}

/** A cause that is not an error may contain user input, so only its type is logged. */
const kindOf = (cause: unknown): string | undefined =>
  cause === undefined ? undefined : `[${typeof cause}]`;
