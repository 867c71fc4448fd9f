"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useSignals } from "querycast/react";
import { useEffect, useRef, useTransition } from "react";
import { channels } from "@/channels/index.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { Button } from "@/ui/forms/button.tsx";
import { sheet } from "@/ui/overlays/popover.tsx";
import { articleVersionQuery } from "../queries.ts";

interface NewerVersionProps {
  readonly articleId: string;
  readonly authorId: string;
  /** The version on the page. */
  readonly version: string;
}

/**
 * Reports a newer version of the article, or that it is no longer available. The reader decides when to
 * load it, so that nothing moves while they read.
 */
export function NewerVersion({ articleId, authorId, version }: NewerVersionProps) {
  const query = useQuery({
    ...articleVersionQuery(articleId),
    // Without live updates of the author's feed, polling finds an article that was published again.
    refetchInterval: ({ state }) => isNotFound(state.error) && whileGoneMs * (1 + Math.random()),
  });
  const { data: newest = version, error, refetch } = query;
  const router = useRouter();
  const queryClient = useQueryClient();
  const [isReading, startReading] = useTransition();
  const isGone = isNotFound(error);
  const wasGone = useRef(isGone);
  useEffect(() => {
    // The article is available again, so failed queries of the page are refetched.
    if (wasGone.current && !isGone) {
      void queryClient.refetchQueries({
        type: "active",
        predicate: ({ state }) => state.status === "error",
      });
    }
    wasGone.current = isGone;
  }, [isGone, queryClient]);
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-30 flex justify-center"
    >
      {isGone && <Return articleId={articleId} authorId={authorId} onReturn={refetch} />}
      {(isGone || newest > version) && (
        <p className={`${sheet} pointer-events-auto flex items-center gap-4 px-4 text-sm`}>
          {isGone ? "The author unpublished or deleted this article." : "This article was updated."}
          {!isGone && (
            <Button
              look="quiet"
              size="sm"
              aria-disabled={isReading}
              onClick={() => startReading(() => router.refresh())}
            >
              {isReading ? "Loading…" : "Show new version"}
            </Button>
          )}
        </p>
      )}
    </div>
  );
}

interface ReturnProps {
  readonly articleId: string;
  readonly authorId: string;
  readonly onReturn: () => unknown;
}

/**
 * Subscribes to the author's feed while the article is not available, since its own channel is closed to
 * readers then.
 */
function Return({ articleId, authorId, onReturn }: ReturnProps) {
  useSignals(channels.profile({ userId: authorId }), {
    "feed.changed": ({ ids }) => {
      if (ids === undefined || ids.some((each) => each.articleId === articleId)) onReturn();
    },
  });
  return null;
}

const whileGoneMs = 20_000;

const isNotFound = (error: unknown) => error instanceof AppError && error.code === "not_found";
