"use client";

import { useQuery } from "@tanstack/react-query";
import { AppError } from "@/lib/errors/app-error.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { useCanAct } from "@/ui/data/use-page-status.ts";
import { Button, buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { Notice } from "@/ui/notice.tsx";
import { gistQuery } from "../queries.ts";
import { DeleteGist } from "./delete-gist.tsx";
import { GistFiles } from "./gist-files.tsx";
import { GistHead } from "./gist-head.tsx";

interface GistViewProps {
  readonly id: string;
  readonly viewerId: string | null;
}

/** A gist, live. It is hidden when the viewer loses access. */
export function GistView({ id, viewerId }: GistViewProps) {
  const { data: gist, error, isPending, refetch } = useQuery(gistQuery(id));
  const canAct = useCanAct();
  if (gist === undefined && error !== null) {
    return <NotReadable error={error} onRetry={() => void refetch()} />;
  }
  if (isPending || gist === undefined) return <SkeletonList label="Loading the gist" />;
  const isChangeable = canAct && gist.owner.id === viewerId;
  return (
    <>
      <GistHead
        gist={gist}
        actions={
          isChangeable && (
            <p className="flex gap-2">
              <Link
                href={`/gists/${id}/edit`}
                className={buttonStyle({ look: "quiet", size: "sm" })}
              >
                Edit
              </Link>
              <DeleteGist id={id} title={gist.title} />
            </p>
          )
        }
      />
      {error !== null && (
        <Notice className="mt-6">The gist could not be updated. You see an earlier state.</Notice>
      )}
      <div className="mt-10">
        <GistFiles files={gist.files} />
      </div>
    </>
  );
}

function NotReadable({ error, onRetry }: { error: Error; onRetry: () => void }) {
  if (error instanceof AppError && error.code === "not_found") {
    return (
      <EmptyState
        isPage
        title="This gist is not available"
        action={
          <Link href="/gists" className={buttonStyle({ look: "quiet" })}>
            Show gists
          </Link>
        }
      >
        It was deleted, or its owner made it private.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      isPage
      title="The gist could not be loaded"
      action={
        <Button look="quiet" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {error.message}
    </EmptyState>
  );
}
