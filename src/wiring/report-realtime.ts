import type { RealtimeReport } from "querycast";

/** Prints to the browser's console why live updates do not work, when the person who runs the site can act. */
export function reportRealtime(report: RealtimeReport): void {
  if (report.type !== "refused") return;
  const { code = "not by this site", httpStatus } = report;
  const remedy =
    code === "forbidden_origin"
      ? `Add ${location.origin} to ALLOWED_ORIGINS.`
      : "Check the proxies in front of the site.";
  // biome-ignore lint/suspicious/noConsole: the one place where it can be read
  console.warn(`Live updates were refused (${httpStatus}, ${code}). ${remedy}`);
}
