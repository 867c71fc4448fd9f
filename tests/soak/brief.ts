/** An error on one line: Drizzle's own message is the whole statement, what Postgres said is its cause. */
export function brief(error: unknown): string {
  const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = String(root).replace(/\s+/g, " ");
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
