"use client";

import { useQuery } from "@tanstack/react-query";
import { listedAtMost } from "@/lib/list-limits.ts";
import { stateWords } from "@/lib/publications/process.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import { type DeskViewer, submissionsQuery } from "../queries.ts";

interface SubmissionListProps {
  readonly publicationId: string;
  readonly path: string;
  readonly viewer: DeskViewer;
}

/** The submissions that the viewer may read, with their states, live. */
export function SubmissionList({ publicationId, path, viewer }: SubmissionListProps) {
  const query = submissionsQuery(publicationId, viewer);
  const { data: list, isError, isPending, refetch } = useQuery(query);
  return (
    <>
      {isError && <ReadFailed onRetry={refetch}>The submissions could not be loaded.</ReadFailed>}
      {isPending && <SkeletonList label="Loading the submissions" rows={3} />}
      {list?.length === 0 && <p className="mt-4 text-ink-soft">No submissions yet.</p>}
      <ul aria-label="Submissions" className="mt-2 divide-y divide-rule">
        {list?.map(({ id, title, state, author, updatedAt }) => (
          <li
            key={id}
            className="flex flex-wrap items-baseline justify-between gap-x-5 gap-y-1 py-3"
          >
            <p className="min-w-0">
              <Link href={`${path}/${id}`} className="text-link font-serif text-lg">
                {title}
                <LinkHint />
              </Link>
              <span className="ml-3 text-xs text-ink-faint">
                {author.name}, <RelativeTime at={updatedAt} />
              </span>
            </p>
            <span className="label-caps text-accent">{stateWords[state]}</span>
          </li>
        ))}
      </ul>
      <CutNote rows={list}>The {listedAtMost} submissions that changed last are shown.</CutNote>
    </>
  );
}
