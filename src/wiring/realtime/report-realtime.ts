import type { RealtimeReport } from "querycast";

/** Logs to the browser's console why live updates do not work, when the operator of the site can fix it. */
export function reportRealtime(report: RealtimeReport): void {
  if (report.type !== "refused") return;
  const { code = "not by this site", httpStatus } = report;
  const remedy =
    code === "forbidden_origin"
      ? `Add ${location.origin} to ALLOWED_ORIGINS.`
      : "Check the proxies in front of the site.";
  // biome-ignore lint/suspicious/noConsole: an operator looks for it there
  console.warn(`Live updates were refused (${httpStatus}, ${code}). ${remedy}`);
}
