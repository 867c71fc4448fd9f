const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const sameYear = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
const otherYear = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const long = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** "just now", "5 minutes ago", "yesterday"; after a week the date. Both arguments in ms since 1970. */
export function relativeTime(atMs: number, nowMs: number): string {
  const ageMs = Math.max(0, nowMs - atMs);
  if (ageMs < 45 * second) return "just now";
  if (ageMs < 50 * minute)
    return relative.format(-Math.max(1, Math.round(ageMs / minute)), "minute");
  if (ageMs < 22 * hour) return relative.format(-Math.round(ageMs / hour), "hour");
  if (ageMs < 7 * day) return relative.format(-Math.max(1, Math.round(ageMs / day)), "day");
  return shortDate(atMs, nowMs);
}

/** "14 Nov", with the year when it is not this one. */
export function shortDate(atMs: number, nowMs: number): string {
  const isThisYear = new Date(atMs).getUTCFullYear() === new Date(nowMs).getUTCFullYear();
  return (isThisYear ? sameYear : otherYear).format(atMs);
}

/** "14 November 2026". */
export function longDate(atMs: number): string {
  return long.format(atMs);
}

/** How long the text of {@link relativeTime} stays valid, in ms; `null` when it no longer changes. */
export function relativeTimeStaysMs(atMs: number, nowMs: number): number | null {
  const ageMs = Math.max(0, nowMs - atMs);
  if (ageMs < hour) return ageMs < 45 * second ? 15 * second : minute;
  return ageMs < 7 * day ? 10 * minute : null;
}
