"use client";

import { useQuery } from "@tanstack/react-query";
import type { TeamViewer } from "@/channels/standing.ts";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { feedsQuery } from "../queries.ts";

interface FeedListProps {
  readonly publicationId: string;
  readonly viewer: TeamViewer;
}

/** The feeds of a publication, with the result of their last reading. */
export function FeedList({ publicationId, viewer }: FeedListProps) {
  const { data: feeds, isError, refetch } = useQuery(feedsQuery(publicationId, viewer));
  if (feeds === undefined) {
    if (isError) return <ReadFailed onRetry={refetch}>The feeds could not be loaded.</ReadFailed>;
    return <SkeletonList label="Loading the feeds" rows={1} />;
  }
  if (feeds.length === 0) {
    return <p className="text-sm text-ink-soft">No feeds. The operator of the site adds them.</p>;
  }
  return (
    <ul aria-label="Feeds" className="divide-y divide-rule">
      {feeds.map(({ id, name, url, readAt, error }) => (
        <li key={id} className="py-3 text-sm">
          <p className="font-semibold">{name}</p>
          <p className="text-xs break-all text-ink-faint">
            {url} · {readAt === null ? "not read yet" : "read "}
            {readAt !== null && <RelativeTime at={readAt} />}
          </p>
          {error !== null && <p className="mt-1 text-danger">{error}</p>}
        </li>
      ))}
    </ul>
  );
}
