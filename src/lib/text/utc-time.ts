const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});
const exact = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "UTC",
});

/** "31 Jan 2026, 08:00 UTC"; a midnight, which is how a day is written, without the time. */
export function utcTime(iso: string): string {
  const atMs = Date.parse(iso);
  return atMs % 86_400_000 === 0 ? day.format(atMs) : `${moment.format(atMs)} UTC`;
}

/** "31 Jan 2026, 08:00:12 UTC". */
export function exactUtcTime(iso: string): string {
  return `${exact.format(Date.parse(iso))} UTC`;
}
