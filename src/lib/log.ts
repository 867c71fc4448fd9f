type Fields = Readonly<Record<string, unknown>>;

/**
 * One JSON object a line, on standard error. Errors are logged whole here, because the browser is
 * shown nothing of them.
 */
function write(level: "info" | "warn" | "error", message: string, fields: Fields = {}): void {
  const entry = { time: new Date().toISOString(), level, message, ...fields };
  process.stderr.write(`${JSON.stringify(entry, expandError)}\n`);
}

function expandError(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, cause, code: (value as { code?: unknown }).code };
}

export const log = {
  info: (message: string, fields?: Fields) => write("info", message, fields),
  warn: (message: string, fields?: Fields) => write("warn", message, fields),
  error: (message: string, fields?: Fields) => write("error", message, fields),
};
