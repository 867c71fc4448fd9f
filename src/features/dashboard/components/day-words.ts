import { shortDate } from "@/lib/text/relative-time.ts";

/** "14 Nov" for `2026-11-14`. */
export function dayWords(day: string): string {
  const atMs = Date.parse(`${day}T12:00:00Z`);
  return shortDate(atMs, atMs);
}
