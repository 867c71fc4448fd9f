/** Counts of a browser, since the page was opened or since its last report. */
export interface UsageCounts {
  readonly signals: number;
  readonly fetches: number;
}

export interface UsageReportsOptions {
  /** Counts since the page was opened. */
  readonly counts: () => UsageCounts;
  /** @returns false when the browser did not accept it; the counts are then part of the next report */
  readonly send: (usage: UsageCounts) => boolean;
  /** Default: the document of the page. */
  readonly page?: Pick<Document, "addEventListener" | "removeEventListener" | "visibilityState">;
  /** Default 60,000. */
  readonly everyMs?: number;
}

/** The maximum that the route accepts. */
const atMost = 1_000_000;

/**
 * Reports received signals and refetches of a page once a minute and when the page is left, if there are
 * any.
 *
 * @returns stops it
 */
export function startUsageReports(options: UsageReportsOptions): () => void {
  const { counts, send, page = document, everyMs = 60_000 } = options;
  let reported = counts();

  const report = () => {
    const now = counts();
    const signals = Math.min(atMost, now.signals - reported.signals);
    const fetches = Math.min(atMost, now.fetches - reported.fetches);
    if (signals === 0 && fetches === 0) return;
    if (send({ signals, fetches })) reported = now;
  };
  const onVisibility = () => {
    if (page.visibilityState === "hidden") report();
  };

  const timer = setInterval(report, everyMs);
  page.addEventListener("visibilitychange", onVisibility);
  return () => {
    clearInterval(timer);
    page.removeEventListener("visibilitychange", onVisibility);
  };
}
