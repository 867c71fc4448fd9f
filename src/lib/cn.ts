/**
 * Joins class names; what is false is left out. Which of two that fight wins is not decided here: what may
 * be replaced is written `weak:` (app/globals.css).
 */
export function cn(...classes: readonly (string | false | undefined)[]): string {
  return classes.filter(Boolean).join(" ");
}
