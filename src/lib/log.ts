import { env, type LogLevel, logLevels } from "./env.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * One JSON object a line, on standard error, from LOG_LEVEL upwards. Errors are logged whole here,
 * because the browser is shown nothing of them.
 */
function write(level: LogLevel, message: string, fields: Fields = {}): void {
  if (logLevels.indexOf(level) < logLevels.indexOf(lowestLevel())) return;
  const entry = { time: new Date().toISOString(), level, message, ...fields };
  process.stderr.write(`${JSON.stringify(entry, expandError)}\n`);
}

function lowestLevel(): LogLevel {
  try {
    return env().logLevel;
  } catch {
    return "info"; // an unusable environment does not silence what is said about it
  }
}

function expandError(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, cause, code: (value as { code?: unknown }).code };
}

export const log = {
  debug: (message: string, fields?: Fields) => write("debug", message, fields),
  info: (message: string, fields?: Fields) => write("info", message, fields),
  warn: (message: string, fields?: Fields) => write("warn", message, fields),
  error: (message: string, fields?: Fields) => write("error", message, fields),
};
