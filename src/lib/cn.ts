/**
 * Joins class names and skips false ones. It does not resolve conflicts: a class that may be overridden has
 * the prefix `weak:` (app/globals.css).
 */
export function cn(...classes: readonly (string | false | undefined)[]): string {
  return classes.filter(Boolean).join(" ");
}
