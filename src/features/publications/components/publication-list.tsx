"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { listedAtMost } from "@/lib/list-limits.ts";
import { count } from "@/lib/text/text.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import type { PublicationFilter } from "../keys.ts";
import { publicationsQuery } from "../queries.ts";
import type { PublicationEntry } from "../schema.ts";

interface PublicationListProps {
  readonly filter: PublicationFilter;
  readonly viewerId: string | null;
  /** Renders more about a publication. Default: nothing. */
  readonly more?: ((publication: PublicationEntry) => ReactNode) | undefined;
}

/** Publications with their descriptions. The viewer's own list is live. */
export function PublicationList({ filter, viewerId, more }: PublicationListProps) {
  const { data: list, isError, isPending, refetch } = useQuery(publicationsQuery(filter, viewerId));
  return (
    <>
      {isError && <ReadFailed onRetry={refetch}>The publications could not be loaded.</ReadFailed>}
      {isPending && <SkeletonList label="Loading publications" />}
      {list?.length === 0 &&
        (filter === "yours" ? (
          <EmptyState title="You are not a member of a publication">
            Create one, or ask a member to invite you by e-mail.
          </EmptyState>
        ) : (
          <EmptyState title="No publications yet" />
        ))}
      <ul className="divide-y divide-rule">
        {list?.map((publication) => (
          <li key={publication.id} className="py-6">
            <h2 className="font-serif text-xl font-medium">
              <Link href={`/publications/${publication.slug}`} className="hover:text-accent-strong">
                {publication.name}
                <LinkHint />
              </Link>
            </h2>
            {publication.description !== "" && (
              <p className="mt-1 max-w-[62ch] font-serif text-lg text-ink-soft">
                {publication.description}
              </p>
            )}
            <p className="mt-2 flex flex-wrap gap-x-4 text-xs text-ink-faint">
              <span>{count(publication.articleCount, "article")}</span>
              {more?.(publication)}
            </p>
          </li>
        ))}
      </ul>
      <CutNote rows={list}>The {listedAtMost} publications that changed last are shown.</CutNote>
    </>
  );
}
