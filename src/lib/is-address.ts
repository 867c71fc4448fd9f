/**
 * Whether a part of a path can be the slug or handle of anything. What cannot is not asked for: Postgres
 * takes no NUL in a text, and its refusal would read like a failure of ours.
 */
export function isAddress(part: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,199}$/.test(part);
}
