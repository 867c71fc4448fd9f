"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { standingQuery } from "../queries.ts";

interface TeamGateProps {
  readonly publicationId: string;
  readonly name: string;
  readonly viewerId: string;
  readonly children: ReactNode;
}

/** Shows a page to members. When the viewer's membership ends, the page is replaced by the reason. */
export function TeamGate({ publicationId, name, viewerId, children }: TeamGateProps) {
  const {
    data: standing,
    isError,
    refetch,
  } = useQuery(standingQuery(publicationId, viewerId, true));
  if (standing === undefined) {
    if (isError) return <ReadFailed onRetry={refetch}>This page could not be loaded.</ReadFailed>;
    return <SkeletonList label="Loading the page" />;
  }
  if (standing.isMember) return children;
  return (
    <div role="alert">
      <EmptyState
        title={`You are no longer a member of ${name}`}
        action={
          <Link href="/publications" className={buttonStyle({ look: "quiet" })}>
            Show publications
          </Link>
        }
      >
        What this page showed was removed from it. Submissions of yours that were not finished are
        withdrawn. Your articles are still yours.
      </EmptyState>
    </div>
  );
}
