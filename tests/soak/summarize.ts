/** An error on one line. Drizzle's message contains the whole statement, so its cause is used instead. */
export function summarize(error: unknown): string {
  const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = String(root).replace(/\s+/g, " ");
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
