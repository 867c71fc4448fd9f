/**
 * Whether a path segment can be a slug or handle. Other segments are not queried: Postgres rejects NUL in
 * text, which would look like a server error.
 */
export function isAddress(part: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,199}$/.test(part);
}
