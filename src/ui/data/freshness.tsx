import { exactUtcTime } from "@/lib/text/utc-time.ts";

interface FreshnessProps {
  /** When the data was read. ISO 8601. */
  readonly readAt: string;
  /** The last ingest that the data contains; null when there is none. */
  readonly lastIngestAt: string | null;
}

/** When the data on the page was read, and the last ingest that it contains. */
export function Freshness({ readAt, lastIngestAt }: FreshnessProps) {
  return (
    <p className="text-xs text-ink-faint" data-testid="freshness">
      Updated <time dateTime={readAt}>{exactUtcTime(readAt)}</time>.{" "}
      {lastIngestAt === null ? (
        "No ingest yet."
      ) : (
        <>
          Data as of the last ingest at{" "}
          <time dateTime={lastIngestAt}>{exactUtcTime(lastIngestAt)}</time>.
        </>
      )}
    </p>
  );
}
