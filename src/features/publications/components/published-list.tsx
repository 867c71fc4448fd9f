"use client";

import { useQuery } from "@tanstack/react-query";
import { listedAtMost } from "@/lib/list-limits.ts";
import { longDate } from "@/lib/text/relative-time.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import { publicationArticlesQuery } from "../queries.ts";

/** The published articles of a publication, live. */
export function PublishedList({ publicationId }: { publicationId: string }) {
  const query = publicationArticlesQuery(publicationId);
  const { data: list, isError, isPending, refetch } = useQuery(query);
  return (
    <>
      {isError && <ReadFailed onRetry={refetch}>The articles could not be loaded.</ReadFailed>}
      {isPending && <SkeletonList label="Loading the articles" />}
      {list?.length === 0 && (
        <EmptyState title="No articles yet">
          Articles appear here when the editors publish them.
        </EmptyState>
      )}
      <ul className="divide-y divide-rule">
        {list?.map(({ id, slug, title, excerpt, publishedAt, author }) => (
          <li key={id} className="py-6">
            <h2 className="font-serif text-xl font-medium">
              <Link href={`/articles/${slug}`} className="hover:text-accent-strong">
                {title}
                <LinkHint />
              </Link>
            </h2>
            {excerpt !== "" && (
              <p className="mt-1 max-w-[62ch] font-serif text-lg text-ink-soft">{excerpt}</p>
            )}
            <p className="mt-2 text-xs text-ink-faint">
              <Link
                href={`/people/${author.handle}`}
                className="text-link font-semibold text-ink-soft"
              >
                {author.name}
              </Link>
              {", "}
              <time dateTime={publishedAt}>{longDate(Date.parse(publishedAt))}</time>
            </p>
          </li>
        ))}
      </ul>
      <CutNote rows={list}>The newest {listedAtMost} articles are shown.</CutNote>
    </>
  );
}
