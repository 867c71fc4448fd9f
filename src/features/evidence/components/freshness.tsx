import { exactUtcTime } from "@/lib/text/utc-time.ts";
import type { Freshness as FreshnessTimes } from "../schema.ts";

/** When the data on the page was read, and the last ingest that it contains. */
export function Freshness({ readAt, lastIngestAt }: FreshnessTimes) {
  return (
    <p className="text-xs text-ink-faint" data-testid="freshness">
      Read at <time dateTime={readAt}>{exactUtcTime(readAt)}</time>.{" "}
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
