"use client";

import { useQuery } from "@tanstack/react-query";
import { cn } from "@/lib/cn.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { useCanAct } from "@/ui/data/use-page-status.ts";
import { Button } from "@/ui/forms/button.tsx";
import { Bookmark } from "@/ui/icons.ts";
import { bookmarkStatusQuery } from "../queries.ts";
import { useBookmark } from "./use-bookmark.ts";

interface BookmarkButtonProps {
  readonly page: ResourceRef;
  readonly userId: string;
}

/** Adds or removes a bookmark. */
export function BookmarkButton({ page, userId }: BookmarkButtonProps) {
  const { data: isKept = false } = useQuery(bookmarkStatusQuery(page, userId));
  const canAct = useCanAct();
  const { mutate, isError } = useBookmark(page, userId);
  if (!canAct) return null;
  return (
    <div className="flex items-center gap-3">
      {isError && (
        <span role="alert" className="text-xs text-danger">
          The bookmark was not saved. Try again.
        </span>
      )}
      <Button
        look="quiet"
        size="sm"
        aria-pressed={isKept}
        className={cn("min-w-28", isKept && "border-accent text-accent")}
        onClick={() => mutate(!isKept)}
      >
        <Bookmark aria-hidden className={isKept ? "fill-current" : undefined} />
        {isKept ? "Saved" : "Save"}
        <span className="sr-only"> this page</span>
      </Button>
    </div>
  );
}
