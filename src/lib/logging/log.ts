import { type LogLevel, logLevels } from "../env/variables.ts";
import { env } from "../env.ts";
import { correlationId } from "../http/correlation.ts";
import { toJsonLine, toPrettyLine } from "./log-entry.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Writes one line to standard error, from LOG_LEVEL upwards: JSON, or readable text in development. Each
 * line has the id of the current request or job, which signals have too.
 */
function write(level: LogLevel, message: string, fields: Fields = {}): void {
  if (logLevels.indexOf(level) < logLevels.indexOf(lowestLevel())) return;
  const correlation = correlationId();
  const entry = {
    time: new Date().toISOString(),
    level,
    message,
    ...(correlation === undefined ? {} : { correlation }),
    ...fields,
  };
  process.stderr.write(`${isForEyes() ? toPrettyLine(entry) : toJsonLine(entry)}\n`);
}

/** Whether to write readable text: files, pipes and collectors get JSON. */
function isForEyes(): boolean {
  // biome-ignore lint/style/noProcessEnv: the bundler replaces it with the mode it builds for
  return process.env.NODE_ENV === "development" && process.stderr.isTTY === true;
}

function lowestLevel(): LogLevel {
  try {
    return env().logLevel;
  } catch {
    return "info"; // log also when the environment is invalid
  }
}

export const log = {
  debug: (message: string, fields?: Fields) => write("debug", message, fields),
  info: (message: string, fields?: Fields) => write("info", message, fields),
  warn: (message: string, fields?: Fields) => write("warn", message, fields),
  error: (message: string, fields?: Fields) => write("error", message, fields),
};
