"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { count } from "@/lib/text/text.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import type { PublicationFilter } from "../keys.ts";
import { publicationsQuery } from "../queries.ts";

interface PublicationListProps {
  readonly filter: PublicationFilter;
  readonly viewerId: string | null;
}

/** Publications with their descriptions. The viewer's own list is live. */
export function PublicationList({ filter, viewerId }: PublicationListProps) {
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
        {list?.map(({ id, slug, name, description, articleCount }) => (
          <li key={id} className="py-6">
            <h2 className="font-serif text-xl font-medium">
              <Link href={`/publications/${slug}`} className="hover:text-accent-strong">
                {name}
                <LinkHint />
              </Link>
            </h2>
            {description !== "" && (
              <p className="mt-1 max-w-[62ch] font-serif text-lg text-ink-soft">{description}</p>
            )}
            <p className="mt-2 text-xs text-ink-faint">{count(articleCount, "article")}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
