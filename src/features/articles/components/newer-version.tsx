"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { AppError } from "@/lib/app-error.ts";
import { Button } from "@/ui/button.tsx";
import { sheet } from "@/ui/popover.tsx";
import { articleVersionQuery } from "../queries.ts";

interface NewerVersionProps {
  readonly articleId: string;
  /** The one on the page. */
  readonly version: string;
}

/**
 * Says that there is a newer text, or none any more, and leaves it to the reader when to look: nothing
 * moves under their eyes.
 */
export function NewerVersion({ articleId, version }: NewerVersionProps) {
  const { data: newest = version, error } = useQuery(articleVersionQuery(articleId));
  const router = useRouter();
  const [isReading, startReading] = useTransition();
  const isGone = error instanceof AppError && error.code === "not_found";
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-30 flex justify-center"
    >
      {(isGone || newest > version) && (
        <p className={`${sheet} pointer-events-auto flex items-center gap-4 px-4 text-sm`}>
          {isGone ? "The author has taken this article down." : "This article was updated."}
          {!isGone && (
            <Button
              look="quiet"
              size="sm"
              aria-disabled={isReading}
              onClick={() => startReading(() => router.refresh())}
            >
              {isReading ? "Reading…" : "Read the new version"}
            </Button>
          )}
        </p>
      )}
    </div>
  );
}
