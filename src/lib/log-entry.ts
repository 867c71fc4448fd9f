import type { LogLevel } from "./env.ts";

export interface LogEntry {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** One JSON object, on one line. */
export function toJsonLine(entry: LogEntry): string {
  return JSON.stringify(entry, tell);
}

/** For eyes: time of day, level, message, then what else there is. Stacks keep their lines. */
export function toPrettyLine({ time, level, message, ...fields }: LogEntry): string {
  const told = Object.entries(fields).map(([name, value]) => {
    const text = JSON.stringify(value, tell, value instanceof Error ? 2 : 0) ?? "";
    return ` ${name}=${text.replaceAll("\\n", "\n")}`;
  });
  return `${time.slice(11, 23)} ${level.padEnd(5)} ${message}${told.join("")}`;
}

/** Fields that hold what nobody may read in a log, by their name. */
const secretName =
  /^(auth|authorization|cookies?|set-cookie|password|secret|signature|token)$|(Secret|Password|Token|Cookie|Signature)$/i;

/** Errors are told whole, since browsers are shown nothing of them; secrets never. */
function tell(name: string, value: unknown): unknown {
  if (secretName.test(name) && value !== null && value !== undefined) return "[secret]";
  if (typeof value === "bigint") return String(value);
  if (!(value instanceof Error)) return value;
  const { name: kind, message, stack, cause } = value;
  return { name: kind, message, stack, cause, code: (value as { code?: unknown }).code };
}
